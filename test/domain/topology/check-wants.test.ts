import { expect } from 'chai';
import fc from 'fast-check';
import { wantsMissedBy } from '../../../domain/topology/check-wants.js';
import type { InlineWay, PlantDevice, Wants } from '../../../domain/topology/index.js';
import { missedBy, wishesOf } from '../../../domain/topology/wants.js';

const spool: PlantDevice = {
  ...{ id: 1, name: 'Spool 1', type: 'Fibre Spool', manufacturer: 'Corning', model: 'SMF-28', site: 'Dublin' },
  ...{
    firmware: '2.10.1',
    tags: ['single mode', '1550nm', '25 km'],
    bookable: true,
    status: 'active',
    busy: [],
    maintenance: [],
  },
  ...{
    ports: [
      { name: 'A', kind: 'LC' },
      { name: 'B', kind: null },
    ],
    ok: 0,
    faults: 0,
  },
};
const way: InlineWay = {
  ...{ id: 1, deviceId: 1, portA: 'A', portB: 'B', direction: 'both', lengthKm: 25.2, lossDb: 5 },
};

describe('What is asked of a device, read once more', () => {
  it('names what is missed', () => {
    const missed = (wants: Wants, device = spool, through: InlineWay | undefined = way) =>
      wantsMissedBy(wants, device, through);
    expect(missed({ vendor: 'corning', model: 'smf-28', site: 'DUBLIN', ports: 2, tagsAll: ['Single Mode'] })).to.be
      .empty;
    expect(missed({ vendor: 'Ciena', site: 'Cork', ports: 3, tagsNone: ['single mode'] })).to.deep.equal([
      ...['vendor', 'site', 'ports', 'tags'],
    ]);
    expect(missed({ portKind: 'lc' })).to.be.empty;
    expect(missed({ portKind: 'lc', ports: 2 })).to.deep.equal(['ports']);
    expect(missed({ firmware: { min: '2.9', max: '2.10.1' } })).to.be.empty;
    expect(missed({ firmware: { min: '2.10.2' } })).to.deep.equal(['firmware']);
    expect(missed({ firmware: { min: '1' } }, { ...spool, firmware: null })).to.deep.equal(['firmware']);
    expect(missed({ quantities: { length: { value: 25, unit: 'km' }, wavelength: { value: 1550, unit: 'nm' } } })).to.be
      .empty;
    expect(missed({ quantities: { length: { value: 50, unit: 'km' } } })).to.deep.equal(['length']);
    expect(missed({ quantities: { length: { value: 25, unit: 'km' } } }, spool, undefined)).to.be.empty;
    expect(missed({ quantities: { power: { value: 1, unit: 'w' } } })).to.deep.equal(['power']);
  });

  it('comes to what the search comes to, for any wishes and any device', () => {
    const word = fc.constantFrom('Ciena', 'ciena', 'Corning', 'x');
    const version = fc.constantFrom('1', '1.0', '1.2.10', '1.10', 'v2-3', 'beta', '10km');
    const quantity = fc.record({
      value: fc.constantFrom(0, 1, 9.5, 10, 10.4, 20),
      unit: fc.constantFrom('', 'km', 'nm'),
    });
    const someTags = fc.array(fc.constantFrom('a', 'B', '10km', '9.5 km', '1550nm', '0nm'), { maxLength: 3 });
    const wants: fc.Arbitrary<Wants> = fc.record(
      {
        ...{ vendor: word, model: word, site: word, ports: fc.nat(3), portKind: word },
        firmware: fc.record({ min: version, max: version }, { requiredKeys: [] }),
        ...{ tagsAll: someTags, tagsAny: someTags, tagsNone: someTags },
        quantities: fc.dictionary(fc.constantFrom('length', 'gain', 'loss', 'wavelength', 'rate'), quantity),
      },
      { requiredKeys: [] },
    );
    const device = fc.record({
      ...{ manufacturer: fc.option(word), model: fc.option(word), site: fc.option(word), firmware: fc.option(version) },
      ...{ tags: someTags, ports: fc.array(fc.record({ name: fc.string(), kind: fc.option(word) }), { maxLength: 4 }) },
    });
    const through = fc.option(
      fc.record({ lengthKm: fc.constantFrom(0, 9.6, 10, 20), lossDb: fc.constantFrom(-10, 0, 2, 10) }),
    );
    fc.assert(
      fc.property(wants, device, through, (wanted, facts, fibre) => {
        const found: PlantDevice = { ...spool, ...facts };
        const own = fibre === null ? undefined : { ...way, ...fibre };
        const ways = new Map(own === undefined ? [] : [[spool.id, [own]]]);
        const bySearch = missedBy(found, wishesOf(wanted, ways)) === null;
        expect(wantsMissedBy(wanted, found, own).length === 0).to.equal(bySearch);
      }),
      { numRuns: 5_000 },
    );
  });
});
