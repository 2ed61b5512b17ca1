import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BLOCKED_PORTS, isBlockedPort } from '../../../../src/zeyos/address/blockedPorts';
import { root } from '../../../support/paths';

interface Schema {
  readonly allOf: readonly [{ readonly not: { readonly enum?: readonly number[]; readonly pattern?: string } }];
}
interface Manifest {
  readonly contributes: {
    readonly configuration: {
      readonly properties: {
        readonly 'zeyos.instances': {
          readonly items: { readonly properties: { readonly url: Schema; readonly redirectPort: Schema } };
        };
      };
    };
  };
}

describe('The blocked ports', () => {
  const { badPorts } = createRequire(join(root, 'package.json'))('undici/lib/web/fetch/constants.js') as {
    readonly badPorts: readonly string[];
  };
  const { url, redirectPort } = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest).contributes
    .configuration.properties['zeyos.instances'].items.properties;

  it('include each port that fetch refuses', () =>
    assert.deepEqual(
      badPorts.filter((port) => !isBlockedPort(Number(port))),
      [],
    ));

  it('are refused by fetch, except for port 0, on which no server can listen', async () => {
    for (const port of BLOCKED_PORTS.filter((blocked) => blocked !== 0)) {
      await assert.rejects(
        fetch(`http://127.0.0.1:${port}/`),
        (error: Error) => /bad port/.test(String(error.cause)),
        String(port),
      );
    }
  });

  it('do not include the ports that ZeyOS and its command line use', () => {
    for (const port of [80, 443, 8080, 8443, 9005, 9006, 3000, 1024, 65_535])
      assert.equal(isBlockedPort(port), false, String(port));
  });

  it('equal the ports that the settings schema refuses for redirectPort', () =>
    assert.deepEqual(redirectPort.allOf[0].not.enum, BLOCKED_PORTS));

  it('equal the ports that the settings schema refuses in a URL', () => {
    const pattern = new RegExp(url.allOf[0].not.pattern ?? '');
    for (let port = 0; port < 65_536; port++) {
      assert.equal(pattern.test(`https://zeyos.example.com:${port}/demo`), isBlockedPort(port), String(port));
    }
    for (const blocked of ['http://localhost:6000', 'HTTPS://x:06000/demo', 'x:6000/demo', 'http://[::1]:6000/demo'])
      assert.ok(pattern.test(blocked), blocked);
    for (const good of [
      'demo',
      'https://x/demo',
      'https://x/demo:6000',
      'http://[::1]/demo',
      'http://[::1]:8080/demo',
      'https://x:60000/demo',
      'https://x:8443/a:1/b',
    ])
      assert.ok(!pattern.test(good), good);
  });
});
