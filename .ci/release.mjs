// @ts-check
// node .ci/release.mjs v0.2.0[-pre]: prints what the workflow that publishes needs to know about the tag, as name=value
// lines.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * @param {string} tag `v` and the version, with `-pre` behind it for a pre-release
 * @param {{ name: string, version: string }} manifest
 * @throws if the tag does not name the manifest's version
 */
export function releaseOf(tag, { name, version }) {
  const preRelease = tag.endsWith('-pre');
  if (tag !== `v${version}${preRelease ? '-pre' : ''}`)
    throw new Error(`The tag ${tag} does not name the version ${version} of package.json.`);
  return { file: `${name}-${version}.vsix`, preRelease, option: preRelease ? '--pre-release' : '' };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  for (const [name, value] of Object.entries(releaseOf(process.argv[2] ?? '', manifest)))
    console.log(`${name}=${value}`);
}
