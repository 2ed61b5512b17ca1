import { measureActivation } from './activation';
import { parseEditorVersion } from '../support/host/versions';
async function main(): Promise<void> {
  const [unpacked = '', version = '1.139', windows = '4', accounts = '0'] = process.argv.slice(2);
  const rows = await measureActivation({
    version: parseEditorVersion(version),
    unpacked,
    accounts: Number(accounts),
    windows: Number(windows),
    windowsOfServer: 10,
  });
  for (const r of rows)
    console.log(
      r.isCold ? 'cold' : 'warm',
      r.first,
      'zeyos',
      r.zeyos.reported,
      r.zeyos.loading.toFixed(1),
      r.zeyos.activating.toFixed(1),
      'github',
      r.github.reported,
      r.github.loading.toFixed(1),
      r.github.activating.toFixed(1),
      (r.zeyos.reported / r.github.reported).toFixed(2),
    );
  process.exit(0);
}
main().catch((e) => {
  console.error(e);
  process.exit(1);
});
