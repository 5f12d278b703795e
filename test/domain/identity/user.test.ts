import { expect } from 'chai';
import fc from 'fast-check';
import { isUsername, MAX_USERNAME_LENGTH, nameKey } from '../../../domain/index.js';

describe('A username', () => {
  for (const name of [
    'a',
    '7',
    'ada',
    'Ada Lovelace',
    "o'brien",
    'ada.lovelace+lab@tcd.ie',
    'x_y-z',
    'Åsa',
    'Se\u0301amus',
    '山田',
    'Müller2',
    'a'.repeat(50),
  ]) {
    it(`may be ${JSON.stringify(name)}`, () => {
      expect(isUsername(name)).to.be.true;
    });
  }

  for (const name of [
    '',
    ' ',
    ' ada',
    '.ada',
    '-ada',
    '_',
    'ada\n',
    'ada\tlovelace',
    'ada\0',
    'ada\u200b',
    'ada\u202e',
    'ada\u00a0lovelace',
    '🤖',
    'ada🤖',
    '<script>',
    'ada;drop',
    'a/b',
    'a\\b',
    'a%',
    '\ud800',
    'a'.repeat(51),
    '\ufdfa'.repeat(50),
  ]) {
    it(`may not be ${JSON.stringify(name.slice(0, 20))}${name.length > 20 ? ` (${name.length} characters)` : ''}`, () => {
      expect(isUsername(name)).to.be.false;
    });
  }

  it('has something to be compared by, with room for it in every store', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        if (!isUsername(text)) return;
        expect(nameKey(text).length).to.be.within(1, 2 * MAX_USERNAME_LENGTH);
      }),
      { numRuns: 2000 },
    );
  });
});
