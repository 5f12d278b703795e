import { auditContract } from './audit.contract.js';
import { bookingChangesContract } from './booking-changes.contract.js';
import { bookingsContract } from './bookings.contract.js';
import { calendarsContract } from './calendars.contract.js';
import { cataloguesContract } from './catalogues.contract.js';
import { censusContract } from './census.contract.js';
import { deviceTagsContract } from './device-tags.contract.js';
import { devicesContract } from './devices.contract.js';
import { favouritesContract } from './favourites.contract.js';
import { invitationsContract } from './invitations.contract.js';
import { keptAnswersContract } from './kept-answers.contract.js';
import { leasesContract } from './leases.contract.js';
import { maintenanceContract } from './maintenance.contract.js';
import { sessionsContract } from './sessions.contract.js';
import type { LabSubject, OpenSubject } from './subject.js';
import { thingBookingsContract } from './thing-bookings.contract.js';
import { unitOfWorkContract } from './unit-of-work.contract.js';
import { usersContract } from './users.contract.js';

/** Every contract of what is kept: a store that passes them all can hold a lab. */
export const persistenceContract = (name: string, open: OpenSubject<keyof LabSubject>): void => {
  unitOfWorkContract(name, open);
  usersContract(name, open);
  invitationsContract(name, open);
  sessionsContract(name, open);
  cataloguesContract(name, open);
  devicesContract(name, open);
  deviceTagsContract(name, open);
  maintenanceContract(name, open);
  thingBookingsContract(name, open);
  calendarsContract(name, open);
  bookingsContract(name, open);
  bookingChangesContract(name, open);
  favouritesContract(name, open);
  keptAnswersContract(name, open);
  censusContract(name, open);
  leasesContract(name, open);
  auditContract(name, open);
};
