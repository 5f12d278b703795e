import { expect } from 'chai';
import { LabZone } from '../../domain/index.js';
import { surveyOldLab } from '../../domain/move-in/index.js';
import { legacyCounts, legacyLab } from '../support/legacy-lab.js';

describe('the survey of an old lab', () => {
  const counts = legacyCounts();
  const survey = surveyOldLab(legacyLab(), new LabZone('Europe/Dublin'), Date.parse(`${counts.as_of_utc}Z`));

  for (const part of [
    'tables',
    'devices',
    'maintenance_text_device_table',
    'bookings',
    'booking_dirt',
    'other',
  ] as const) {
    it(`finds what is known of its ${part.replaceAll('_', ' ')}, figure by figure`, () => {
      expect(survey[part]).to.deep.equal(counts[part]);
    });
  }

  it('finds every overlap that is known, by stored values and by real instants', () => {
    expect(survey.overlaps).to.deep.equal(counts.overlaps);
  });

  it('finds what is known of its users; which text a bcrypt hash is of cannot be seen', () => {
    const { by_password_form: forms, ...others } = counts.users;
    expect(survey.users).to.deep.equal({
      ...others,
      by_password_form: { bcrypt: forms['bcrypt(plain)'] + forms['bcrypt(sha256hex)'], sha256hex: forms.sha256hex },
    });
  });
});
