import { expect } from 'chai';
import fc from 'fast-check';
import { INVENTORY_COLUMNS, type InventoryColumn, type InventoryFileFormat } from '../../application/index.js';

type Line = Record<InventoryColumn, string>;

const cell = fc.oneof(
  fc.constantFrom(
    '',
    '=cmd',
    "'=cmd",
    "''+1",
    "'",
    "'quoted'",
    '-48V',
    '@x',
    '+353',
    '\t=1',
    'a,b',
    'a"b',
    'a\nb',
    'a\r\nb',
  ),
  fc.constantFrom('a\rb', '"', ' leading', 'trailing ', ';', 'Ω 🔌', '\ufeff', "'-'", '="a"&"b"'),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const line = fc.record(
  Object.fromEntries(INVENTORY_COLUMNS.map((column) => [column, cell])) as Record<InventoryColumn, typeof cell>,
);

/** A line by which a file tells it apart from one that is blank. */
const isSomething = (values: Line): boolean => INVENTORY_COLUMNS.some((column) => values[column] !== '');

/** For an InventoryFileFormat. */
export const inventoryFileContract = (name: string, format: InventoryFileFormat, seed: number): void => {
  describe(`${name} as a format of inventory files`, () => {
    it(`reads what it writes as it was (seed ${seed})`, () => {
      fc.assert(
        fc.property(fc.array(line.filter(isSomething), { maxLength: 5 }), (lines) => {
          const { columns, lines: read } = format.read(Buffer.from(format.write(lines)));
          expect(columns).to.deep.equal([...INVENTORY_COLUMNS]);
          expect(read.map(({ values }) => values)).to.deep.equal(lines);
        }),
        { seed, numRuns: 300 },
      );
    });

    it('has a header and nothing else for an empty inventory', () => {
      expect(format.read(Buffer.from(format.write([])))).to.deep.equal({ columns: [...INVENTORY_COLUMNS], lines: [] });
    });
  });
};
