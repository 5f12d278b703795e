import { expect } from 'chai';
import fc from 'fast-check';
import { inWords, isComparable, nameKey } from '../../../domain/index.js';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());

describe('Names', () => {
  it('are the same in any letter case, width and spacing', () => {
    for (const name of ['ROADM 1', ' roadm  1 ', 'Roadm\t1', 'ＲＯＡＤＭ　１', 'roadm\u00a01\n']) {
      expect(nameKey(name), JSON.stringify(name)).to.equal('roadm 1');
    }
  });

  it('are the same however their accents are encoded', () => {
    expect(nameKey('Se\u0301amus')).to.equal(nameKey('S\u00c9AMUS'));
    // There is no capital letter J with caron, so that only the small one has a code of its own.
    expect(nameKey('J\u030can')).to.equal(nameKey('\u01f0an'));
  });

  it('are different when a letter, an accent, a space or a dash is', () => {
    const names = ['roadm 1', 'roadm1', 'roadm-1', 'roadm 11', 'roadm l', 'róadm 1', ''];
    expect(new Set(names.map(nameKey)).size).to.equal(names.length);
  });

  it('keep their form once they have it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(nameKey(nameKey(text))).to.equal(nameKey(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('keep their form whatever single character they are', () => {
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const key = nameKey(String.fromCodePoint(code));
      if (nameKey(key) !== key) expect.fail(`U+${code.toString(16)}`);
    }
  });

  it('are the same after any spaces around and between them', () => {
    const word = fc.stringMatching(/^[a-z0-9._-]{1,8}$/);
    const gap = fc.stringMatching(/^[ \t\n\u00a0\u2003]{1,3}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), gap, gap, (words, before, between) => {
        expect(nameKey(before + words.join(between).toUpperCase() + before)).to.equal(words.join(' '));
      }),
    );
  });

  it('can be compared when their form has room in every store', () => {
    expect(isComparable('a'.repeat(50), 50)).to.be.true;
    expect(isComparable('\ufdfa'.repeat(5), 50)).to.be.true;
    expect(isComparable('\ufdfa'.repeat(6), 50)).to.be.false;
  });
});

describe('Lists for people', () => {
  it('have commas and one and', () => {
    expect(inWords([])).to.equal('');
    expect(inWords(['ada'])).to.equal('ada');
    expect(inWords(['ada', 'bob'])).to.equal('ada and bob');
    expect(inWords(['ada', 'bob', 'eve'])).to.equal('ada, bob and eve');
    expect(inWords(['a', 'b', 'c', 'd'])).to.equal('a, b, c and d');
  });
});
