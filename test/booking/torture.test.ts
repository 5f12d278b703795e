import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { torture } from '../torture/torture.js';

/** The short form of `npm run torture`; TORTURE_SEED lets it make other decisions. */
const SEED = Number(process.env.TORTURE_SEED ?? 1);
const SECONDS = 4;
const PATIENCE = 180_000;

describe(`a lab that 64 people change at once while its servers are killed (seed ${SEED})`, function () {
  this.timeout(PATIENCE);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'openlab-torture-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const loses = async (processes: number, databaseUrl: string): Promise<void> => {
    const { figures, kills, violations, lost } = await torture({
      ...{ seconds: SECONDS, seed: SEED, clients: 64, processes, databaseUrl, folder },
      ...{ program: 'main.ts', betweenKills: 2 },
    });
    expect(violations, figures.table()).to.deep.equal([]);
    expect(lost, figures.table()).to.deep.equal([]);
    expect(kills, 'kills').to.be.at.least(1);
    expect(figures.counted('grants'), 'requests granted').to.be.at.least(30);
    expect(figures.counted('CONFLICTING'), 'contending bookings').to.be.at.least(5);
    expect(figures.counted('CONFIRMED'), 'confirmed bookings').to.be.at.least(5);
    expect(
      figures.ended((outcome) => outcome === '409'),
      'refusals',
    ).to.be.at.least(10);
    expect(
      figures.ended((outcome) => outcome === '500'),
      'unexpected errors',
    ).to.equal(0);
  };

  it('loses nothing that was confirmed and breaks no invariant, with one process on SQLite', () =>
    loses(1, `sqlite:${path.join(folder, 'lab.sqlite')}`));

  onMariaDb('on MariaDB', () => {
    it('loses nothing that was confirmed and breaks no invariant, with two processes', async () =>
      loses(2, await freshDatabase()));
  });
});
