import assert from 'node:assert/strict';
import { storageCosts } from '../../../bench/storageCosts';

describe('The reads and writes of the secret storage', () => {
  for (const accounts of [1, 100, 500])
    it(`are limited to the records that an event is about, with ${accounts} accounts`, async () => {
      const { accounts: _accounts, ...costs } = await storageCosts(accounts);
      assert.deepEqual(costs, {
        change: { reads: 1, writes: 0 },
        // The index, the active account, and the account that was not read for the longest time.
        focus: { reads: accounts === 1 ? 2 : 3, writes: 0 },
        // Three hints: the index with its new entry, the record, and the index with the entry that is signed in. And
        // the agents' consents.
        addition: { reads: 5, writes: 0 },
        renewal: { reads: 9, writes: 2 },
        signIn: { reads: 4, writes: 3 },
        // The session, the index, and the agents' consents.
        signOut: { reads: 4, writes: 3 },
      });
    }).timeout(60_000);
});
