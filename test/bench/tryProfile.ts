import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/cleanUp';
import { waitForBridge } from '../support/host/bridge';
import { launchPersistent } from '../support/host/browser';
import { startHost } from '../support/host/host';
import { shareSecrets } from '../support/host/sharedSecrets';
import { parseEditorVersion } from '../support/host/versions';
import { Workbench } from '../support/host/workbench';
import { bridge } from '../support/paths';
import { accountSecrets } from './accounts';
import { quiet } from './activation';
import { measuringCopies } from './measuringCopies';
import { profileActivation, whereTimeWent } from './profile';
async function main(): Promise<void> {
  const [unpacked = '', v = '1.139', accounts = '0', out = '/tmp/exp/prof.cpuprofile'] = process.argv.slice(2);
  const version = parseEditorVersion(v);
  const folder = temporaryFolder('bench');
  const bridges = join(folder.path, 'bridge');
  mkdirSync(bridges);
  const copies = await measuringCopies(folder.path, unpacked, version);
  const url = 'https://cloud.example.invalid/demo';
  const host = await startHost({
    version,
    extensions: [bridge, copies.zeyos, copies.github],
    settings: { 'zeyos.instances': [{ url }], 'zeyos.checkIntervalMinutes': 0 },
    env: { BRIDGE_DIR: bridges },
  });
  const context = await launchPersistent(join(folder.path, 'profile'));
  await shareSecrets(context, await accountSecrets(url, Number(accounts)));
  const page = context.pages()[0] ?? (await context.newPage());
  for (let i = 0; i < 3; i++) {
    await new Workbench(page).open(host.url());
    const eh = await waitForBridge(bridges, i + 1, 90_000);
    await quiet(eh);
    if (i > 0) await eh.evaluate(`await ext('vscode.github-authentication')`);
    await quiet(eh);
    const p = await profileActivation(eh, 'zeyos');
    writeFileSync(out, JSON.stringify(p));
    console.log(((p.endTime - p.startTime) / 1000).toFixed(1), JSON.stringify(whereTimeWent(p, '/zeyos/')));
  }
  await context.close();
  await host.stop();
  process.exit(0);
}
main().catch((e) => {
  console.error(e);
  process.exit(1);
});
