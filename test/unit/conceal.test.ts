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
    ['percent-encoded in lower case', 'p%c3%a4%3ass%20%22w%c3%b6rd%22%2f1%25'],
    ['form-encoded', 'p%C3%A4%3Ass+%22w%C3%B6rd%22%2F1%25'],
    ['in JSON', JSON.stringify(password).slice(1, -1)],
    ['in JSON as PHP writes it', 'p\\u00e4:ss \\"w\\u00f6rd\\"\\/1%'],
    ['in JSON as PHP writes it, without a letter that needs it', 'refresh~Nb4\\/Gd1'],
  ];
  for (const [how, quotation] of quotations) it(`is concealed where it quotes it ${how}`, () => assert.equal(conceal(`you sent ${quotation}.`), 'you sent ….'));

  it('may be anything that can be typed', () => {
    const broken = concealer({ headers: { Authorization: 'Basic x' }, form: { password: 'half an emoji: \ud83d' } });
    assert.equal(broken('half an emoji: \ud83d'), '…');
  });

  it('takes nothing else along', () => assert.equal(conceal('refresh_token max Basic'), 'refresh_token max Basic'));
});
