import assert from 'node:assert/strict';
import { concealer } from '../../src/zeyos/conceal';

const password = 'pä:ss "wörd"/1%';
const conceal = concealer({ headers: { Authorization: `Basic ${Buffer.from(`max:${password}`).toString('base64')}` }, form: { grant_type: 'refresh_token', refresh_token: 'refresh~Nb4/Gd1' } });

describe('What a server was told in confidence', () => {
  const quotations: readonly [string, string][] = [
    ['as it is', password],
    ['as it was sent', Buffer.from(`max:${password}`).toString('base64')],
    ['of a form', 'refresh~Nb4/Gd1'],
    ['percent-encoded', 'p%C3%A4%3Ass%20%22w%C3%B6rd%22%2F1%25'],
    ['form-encoded', 'p%C3%A4%3Ass+%22w%C3%B6rd%22%2F1%25'],
  ];
  for (const [how, quotation] of quotations) it(`is concealed where it quotes it ${how}`, () => assert.equal(conceal(`you sent ${quotation}.`), 'you sent ….'));

  it('takes nothing else along', () => assert.equal(conceal('refresh_token max Basic'), 'refresh_token max Basic'));
});
