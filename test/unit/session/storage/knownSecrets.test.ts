import assert from 'node:assert/strict';
import { savedPassword } from '../../../../src/session/model/grant';
import { ClientSecrets } from '../../../../src/session/storage/clientSecrets';
import { knownSecrets } from '../../../../src/session/storage/knownSecrets';
import { accessToken, oauth2TokenSet, platform, session, storedAccount } from '../../../support/builders';
import { MemorySecrets } from '../../../support/memorySecrets';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';

describe('The list of known secrets', () => {
  it('contains the tokens, the passwords and the client secrets of accounts, including those that only revocations need', async () => {
    const clientSecrets = new ClientSecrets(new MemorySecrets());
    for (const clientId of ['vscode', 'old', 'foreign'])
      await clientSecrets.store(platform, { clientId, clientSecret: `secret of ${clientId}` });
    await clientSecrets.storeApplicationSecret(platform, 'application secret');
    await clientSecrets.storeApplicationSecret(
      PlatformUrl.parse('https://cloud.zeyos.com/other'),
      'foreign application secret',
    );
    const stored = {
      ...storedAccount({ session: { ...oauth2TokenSet('access', 'refresh'), signedInAt: 0 } }),
      pendingRevocations: [
        { api: 'oauth2', token: 'pending', clientId: 'old', accessToken: accessToken('pending access') },
      ] as const,
    };
    const withPassword = storedAccount({
      userName: 'olga',
      session: { ...session(accessToken('access of olga')), grant: savedPassword('pass word') },
    });
    assert.deepEqual([...(await knownSecrets([stored, withPassword], clientSecrets))].sort(), [
      'access',
      'access of olga',
      'application secret',
      'pass word',
      'pending',
      'pending access',
      'refresh',
      'secret of old',
      'secret of vscode',
    ]);
  });
});
