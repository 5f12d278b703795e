import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../composition/package-root.js';

const said = readFileSync(path.join(packageRoot, 'docs', 'threat-model.md'), 'utf8');

/** Titles of tests, with what a template fills in as it stands. */
const TITLE = /\bit\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;

const PROOF = /`(test\/[^`]+)`: “([^”]+)”/g;

describe('docs/threat-model.md', () => {
  const rows = said.split('\n').filter((line) => /^\| .* \| [\d, ]+ *\|/.test(line));

  it('has a test for every threat', () => {
    expect(rows.length).to.be.greaterThan(50);
    expect(rows.filter((row) => [...row.matchAll(PROOF)].length !== 1)).to.deep.equal([]);
  });

  it('has every threat in a table', () => {
    const lines = said.split('\n');
    const alone = lines.filter((line, at) => line.startsWith('|') && !lines[at - 1]?.startsWith('|'));
    expect(alone.filter((line) => rows.includes(line))).to.deep.equal([]);
  });

  it('names tests that exist', () => {
    const missing = [...said.matchAll(PROOF)].filter(([, file = '', title = '']) => {
      const place = path.join(packageRoot, file);
      const titles = existsSync(place) ? [...readFileSync(place, 'utf8').matchAll(TITLE)] : [];
      return !titles.some(([, , text = '']) => text.includes(title));
    });
    expect(missing.map(([proof]) => proof)).to.deep.equal([]);
  });

  it('goes through all of STRIDE', () => {
    const headings = ['Spoofing', 'Tampering', 'Repudiation', 'Information disclosure', 'Denial of service'];
    for (const heading of [...headings, 'Elevation of privilege']) expect(said).to.include(`\n## ${heading}\n`);
  });
});
