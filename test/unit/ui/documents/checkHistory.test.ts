import assert from 'node:assert/strict';
import {
  CheckHistory,
  checkMoment,
  earlierChecksLines,
  LONGEST_HISTORY,
} from '../../../../src/ui/documents/checkHistory';
import { MARKDOWN, PLAIN } from '../../../../src/ui/documents/textStyle';

const at = Date.parse('2030-01-01T12:00:05Z');
const check = (moment: number) => ({ at: moment, result: 'No problems found.', page: { markdown: '', plain: '' } });

describe('The history of checks in a document', () => {
  it('has the newest check first, and no check of another subject', () => {
    const history = new CheckHistory();
    history.add('a', check(1));
    history.add('b', check(2));
    history.add('a', check(3));
    assert.deepEqual(
      history.of('a').map((each) => each.at),
      [3, 1],
    );
    assert.deepEqual(history.of('c'), []);
  });

  it(`keeps the latest ${LONGEST_HISTORY} checks of a subject`, () => {
    const history = new CheckHistory();
    for (let moment = 1; moment <= LONGEST_HISTORY + 2; moment++) history.add('a', check(moment));
    assert.equal(history.of('a').length, LONGEST_HISTORY);
    assert.equal(history.of('a').at(-1)?.at, 3);
  });

  it('distinguishes two checks of one minute', () =>
    assert.notEqual(checkMoment(at, 'en'), checkMoment(at + 1000, 'en')));

  it('shows the times in the language of the editor', () =>
    assert.notEqual(checkMoment(at, 'de'), checkMoment(at, 'en')));

  it('has no section in a document of the first check', () =>
    assert.deepEqual(earlierChecksLines([], MARKDOWN, 'en'), []));

  it('has a section with one line for each earlier check', () => {
    const moment = checkMoment(at, 'en');
    assert.deepEqual(earlierChecksLines([check(at)], MARKDOWN, 'en'), [
      '## Earlier checks in this window',
      '',
      `- ${moment} – No problems found.`,
      '',
    ]);
    assert.deepEqual(earlierChecksLines([check(at)], PLAIN, 'en'), [
      'Earlier checks in this window',
      '',
      `  ${moment} – No problems found.`,
      '',
    ]);
  });
});
