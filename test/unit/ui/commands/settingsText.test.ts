import assert from 'node:assert/strict';
import { urlIn } from '../../../../src/ui/commands/settingsText';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';

describe('The entry of an instance in a settings file', () => {
  const settings = `{
  // "url": "https://cloud.zeyos.com/other"
  "zeyos.instances": [
    { "url": "https://Cloud.ZeyOS.com/demo/", "name": "Demo" },
    { "name": "Acme", "url" : "acme" },
    { "url": "https://cloud.zeyos.com/t\\u0065st" },
    { "url": "\\q" }
  ]
}`;
  const found = (platform: string): string | undefined => {
    const at = urlIn(settings, PlatformUrl.parse(platform));
    return at && settings.slice(at.start, at.end);
  };

  it('is found by its URL in any form', () => {
    assert.equal(found('https://cloud.zeyos.com/demo'), 'https://Cloud.ZeyOS.com/demo/');
    assert.equal(found('https://cloud.zeyos.com/acme'), 'acme');
    assert.equal(found('https://cloud.zeyos.com/test'), 'https://cloud.zeyos.com/t\\u0065st');
  });
  it('is not found if no entry has its URL', () => assert.equal(found('https://cloud.zeyos.com/nothing'), undefined));
});
