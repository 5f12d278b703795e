import { expect } from 'chai';
import { surveyPdus } from '../../application/move-in/move-pdus.js';
import { LabZone } from '../../domain/index.js';
import { surveyOldLab } from '../../application/move-in/rules/index.js';
import { legacyCounts, legacyLab } from '../support/legacy-lab.js';
import { AS_OF, oldHome } from '../support/moving-in.js';

/** Lists of identifiers in one order: which comes first means nothing. */
const inOrder = (figure: unknown): unknown => {
  if (Array.isArray(figure)) return figure.map((item) => JSON.stringify(item)).sort();
  if (typeof figure !== 'object' || figure === null) return figure;
  return Object.fromEntries(Object.entries(figure).map(([name, part]) => [name, inOrder(part)]));
};

describe('the survey of an old lab', () => {
  const counts = legacyCounts();
  const survey = surveyOldLab(legacyLab(), new LabZone('Europe/Dublin'), AS_OF);

  for (const part of Object.keys(survey).filter((name) => name !== 'users')) {
    it(`finds what is known of it, figure by figure: ${part.replaceAll('_', ' ')}`, () => {
      expect(inOrder(survey[part])).to.deep.equal(inOrder(counts[part]));
    });
  }

  it('finds what is known of its users; which text a bcrypt hash is of cannot be seen', () => {
    const { by_password_form: forms, ...others } = counts.users;
    expect(survey.users).to.deep.equal({
      ...others,
      by_password_form: {
        bcrypt: (forms['bcrypt(plain)'] ?? 0) + (forms['bcrypt(sha256hex)'] ?? 0),
        sha256hex: forms.sha256hex,
      },
    });
  });

  it('finds what is known of the file of its PDUs', () => {
    const names = legacyLab().device_table.map(({ deviceName }) => deviceName ?? '');
    expect(surveyPdus(oldHome().pdus, names)).to.deep.equal(counts.pdus);
  });

  it('leaves out nothing that is known', () => {
    const known = Object.keys(counts).filter((name) => !['seed', 'as_of_utc', 'pdus'].includes(name));
    expect(Object.keys(survey)).to.have.members(known);
  });
});
