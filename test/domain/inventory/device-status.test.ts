import { expect } from 'chai';
import fc from 'fast-check';
import {
  DEVICE_CATEGORIES,
  DEVICE_STATUSES,
  DomainError,
  legacyStatusOf,
  parseDeviceStatus,
  schedulableByDefault,
} from '../../../domain/index.js';

const inAnyCase = (word: string) =>
  fc.mixedCase(fc.constant(word)).chain((text) => fc.constantFrom(text, ` ${text}`, `${text}\n`));

describe('A device status', () => {
  it('is one of six', () => {
    expect(DEVICE_STATUSES).to.deep.equal(['active', 'in_maintenance', 'unavailable', 'retired', 'spare', 'planned']);
  });

  it('is written for the first frontend as one of three words', () => {
    expect(DEVICE_STATUSES.map(legacyStatusOf)).to.deep.equal([
      'Available',
      'Maintenance',
      'Unavailable',
      'Unavailable',
      'Unavailable',
      'Unavailable',
    ]);
  });

  const vocabularies = {
    active: 'active',
    in_maintenance: 'in_maintenance',
    unavailable: 'unavailable',
    retired: 'retired',
    spare: 'spare',
    planned: 'planned',
    Available: 'active',
    Maintenance: 'in_maintenance',
    Unavailable: 'unavailable',
    Offline: 'unavailable',
  } as const;
  for (const [word, status] of Object.entries(vocabularies)) {
    it(`is read from ${word} in any case`, () => {
      fc.assert(
        fc.property(inAnyCase(word), (text) => {
          expect(parseDeviceStatus(text)).to.equal(status);
        }),
        { numRuns: 30 },
      );
    });
  }

  it('is refused in any other word, with the words that are allowed', () => {
    // The last ones are properties that every object has.
    for (const word of ['', 'broken', 'BANANA', 'avail', 'active,spare', 'constructor', '__proto__', 'toString']) {
      expect(() => parseDeviceStatus(word), word)
        .to.throw(DomainError)
        .that.includes({
          kind: 'invalid',
          code: 'device.unknown-status',
          message:
            `'${word}' is not a device status. Allowed: ` +
            'active, in_maintenance, unavailable, retired, spare, planned, Available, Maintenance, Unavailable, Offline.',
        });
    }
  });

  it('is read or refused, never anything else, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        try {
          expect(DEVICE_STATUSES).to.include(parseDeviceStatus(word));
        } catch (error) {
          expect(error).to.be.instanceOf(DomainError);
        }
      }),
    );
  });
});

describe('A device category', () => {
  it('makes its types schedulable unless it is infrastructure', () => {
    expect(DEVICE_CATEGORIES.filter(schedulableByDefault)).to.deep.equal(['OPTICAL', 'COMPUTE', 'STORAGE']);
  });
});
