import { expect } from 'chai';
import fc from 'fast-check';
import { DomainError, parseTopology, type DrawingMistake } from '../../../domain/index.js';
import { readQuantity } from '../../../domain/topology/quantity.js';

const mistakesIn = (nodes: unknown, edges: unknown): string[] => {
  try {
    parseTopology(nodes, edges);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect([error.kind, error.code]).to.deep.equal(['invalid', 'topology.malformed']);
    return (error.facts.errors as DrawingMistake[]).map(({ path, message }) => `${path} ${message}`);
  }
  return [];
};

const node = (id: string, more: object = {}) => ({ id, deviceType: 'ROADM', ...more });

describe('a drawing', () => {
  it('is read in the shape of requests and in that of the canvas', () => {
    const { nodes, edges } = parseTopology(
      [
        node('n1', { parameters: { vendor: 'Ciena', ports: '8', wavelength: '1550nm', minPorts: null, notes: 'x' } }),
        { id: 7, type: 'custom', data: { deviceType: 'Fiber', parameters: { length: '10 km', loss: 0.2 } } },
        { ...node('n3'), requirements: { minPorts: 2, tags: 'flexgrid;100G', firmware: { min: '2.1' } }, pin: '12' },
      ],
      [
        { source: 'n1', target: '7', parameters: { wavelength: '', loss: '' } },
        {
          id: 'e2',
          source: 'n1',
          target: 'n3',
          requirements: { maxLoss: '12dB', minLength: '500m', kinds: ['patch'] },
        },
      ],
    );
    expect(nodes[0]).to.deep.include({
      type: 'ROADM',
      preferences: { vendor: 'Ciena', ports: 8, quantities: { wavelength: { value: 1550, unit: 'nm' } } },
    });
    expect(nodes[1]).to.deep.include({
      id: '7',
      type: 'Fiber',
      preferences: { quantities: { length: { value: 10, unit: 'km' }, loss: { value: 0.2, unit: 'db' } } },
    });
    expect(nodes[2]).to.deep.include({
      pin: 12,
      requirements: { ports: 2, tagsAll: ['flexgrid', '100G'], firmware: { min: '2.1' } },
    });
    expect(edges.map(({ id }) => id)).to.deep.equal(['edge-0', 'e2']);
    expect(edges[1]).to.deep.include({ maxLossDb: 12, minLengthKm: 0.5, kinds: ['patch'], multiplicity: 1 });
  });

  it('asks of a link what it asks, however that is written, and nothing that nobody would keep to', () => {
    const nodes = [node('a'), node('b')];
    const edge = (requirements: object) => [{ id: 'e', source: 'a', target: 'b', requirements }];
    for (const name of ['maxLossDb', 'max_loss_db', 'max_loss', 'Max-Loss']) {
      expect(parseTopology(nodes, edge({ [name]: '3dB' })).edges[0]?.maxLossDb, name).to.equal(3);
    }
    expect(parseTopology(nodes, edge({ max_length_km: 2 })).edges[0]?.maxLengthKm).to.equal(2);
    expect(mistakesIn(nodes, edge({ bandwidth: '100G', loss: 'little' }))).to.deep.equal([
      'edges[0].requirements.bandwidth is not known',
      'edges[0].requirements.loss is not known',
    ]);
  });

  it('is refused with all its mistakes', () => {
    expect(mistakesIn([], [])).to.deep.equal(['nodes must have at least one entry']);
    expect(mistakesIn('x', null)).to.deep.equal(['nodes must be a list']);
    expect(
      mistakesIn(
        [
          { id: 'a', deviceType: null },
          node('b', { parameters: { ports: 'many', length: 'far' } }),
          node('b', { requirements: { latency: 'low' }, weight: 0 }),
          null,
        ],
        [
          { source: 'a', target: 'a' },
          { source: 'a', target: 'ghost' },
          {
            id: 'edge-0',
            source: 'a',
            target: 'b',
            requirements: { multiplicity: 99, kinds: ['wifi'], direction: 'up' },
          },
        ],
      ),
    ).to.deep.equal([
      'nodes[0].deviceType must be a text that is not empty',
      'nodes[1].parameters.ports must be a number, with a unit if you like, such as 10km',
      'nodes[1].parameters.length must be a number, with a unit if you like, such as 10km',
      'nodes[2].requirements.latency must be a number, with a unit if you like, such as 10km',
      'nodes[2].weight must be from 0.01 to 100',
      'nodes[3] must be an object',
      'edges[0] joins a to itself',
      'edges[1].target there is no node ghost',
      'edges[2].multiplicity must be a whole number from 1 to 16',
      'edges[2].direction must be both or source_to_target',
      'edges[2].requirements.kinds must be some of direct, patch, trunk, inline',
      'nodes[2].id b is there twice',
      'edges[2].id edge-0 is there twice',
    ]);
    const many = Array.from({ length: 500 }, (_, at) => node(`n${at}`));
    expect(mistakesIn(many, [])).to.deep.equal(['nodes must have at most 200 entries, and has 500']);
  });

  it('never fails in another way, whatever it is', () => {
    const value = fc.anything({ maxDepth: 4, withNullPrototype: true });
    const almost = fc.record(
      {
        id: value,
        deviceType: value,
        parameters: value,
        requirements: value,
        data: value,
        source: value,
        target: value,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(value, fc.array(almost)), fc.oneof(value, fc.array(almost)), (nodes, edges) => {
        mistakesIn(nodes, edges);
      }),
      { numRuns: 500 },
    );
  });

  it('has numbers with units', () => {
    expect(readQuantity('10km')).to.deep.equal({ value: 10, unit: 'km' });
    expect(readQuantity(' 80 KM ')).to.deep.equal({ value: 80, unit: 'km' });
    expect(readQuantity('400Gbps')).to.deep.equal({ value: 400, unit: 'g' });
    expect(readQuantity('-3.5dB')).to.deep.equal({ value: -3.5, unit: 'db' });
    for (const nonsense of ['', 'km', '1e999', '10 km away', '--1', 'NaN', '0x10']) {
      expect(readQuantity(nonsense), nonsense).to.equal(null);
    }
  });
});
