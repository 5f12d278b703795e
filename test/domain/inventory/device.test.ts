import { isIP } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { isIpAddress } from '../../../domain/index.js';

/** An address, or one that was damaged: a piece cut out, doubled or put elsewhere. */
const almostAddresses = fc
  .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(40), fc.nat(8), fc.nat(40), fc.stringMatching(/^[0-9a-fA-F.:]{0,3}$/))
  .chain(([address, from, length, to, extra]) => {
    const piece = address.slice(from, from + length);
    const rest = address.slice(0, from) + address.slice(from + length);
    return fc.constantFrom(
      address,
      rest,
      rest.slice(0, to) + piece + rest.slice(to),
      address + piece,
      address.slice(0, from) + extra + address.slice(from),
    );
  });

const colonsAndDots = fc.stringMatching(/^(?:[0-9a-f]{0,3}(?::|::|\.)){1,9}[0-9a-f]{0,5}$/);

describe('A management address', () => {
  for (const address of ['10.0.0.1', '0.0.0.0', '255.255.255.255', '::', '::1', 'fe80::1', '::ffff:10.0.0.1', '1::']) {
    it(`may be ${address}`, () => {
      expect(isIpAddress(address)).to.be.true;
    });
  }

  for (const address of [
    '',
    '10.0.0',
    '10.0.0.1.',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1/24',
    '10.0.0.1\n',
    ' 10.0.0.1',
    'localhost',
    ':',
    ':::',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '10.0.0.1::',
    '::10.0.0.1:1',
    '[::1]',
    'fe80::1%eth0',
  ]) {
    it(`may not be ${JSON.stringify(address)}`, () => {
      expect(isIpAddress(address)).to.be.false;
    });
  }

  it('is what the network itself takes for one', () => {
    fc.assert(
      fc.property(fc.oneof(almostAddresses, colonsAndDots, fc.ipV6(), fc.ipV4Extended()), (text) => {
        expect(isIpAddress(text), text).to.equal(isIP(text) !== 0);
      }),
      { numRuns: 20_000 },
    );
  });
});
