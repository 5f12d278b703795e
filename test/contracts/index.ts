/** The suites that every implementation of a port passes, for mocha. Give each a name and how to open a subject. */
export { auditContract } from './audit.contract.js';
export { bookingsContract } from './bookings.contract.js';
export { calendarsContract } from './calendars.contract.js';
export { cataloguesContract } from './catalogues.contract.js';
export { deviceTagsContract } from './device-tags.contract.js';
export { devicesContract } from './devices.contract.js';
export { invitationsContract } from './invitations.contract.js';
export { keptAnswersContract } from './kept-answers.contract.js';
export { leasesContract } from './leases.contract.js';
export { maintenanceContract } from './maintenance.contract.js';
export { passwordHasherContract } from './password-hasher.contract.js';
export { persistenceContract } from './persistence.contract.js';
export { sessionsContract } from './sessions.contract.js';
export type { Closing, LabSubject, OpenSubject } from './subject.js';
export { clockContract, idSourceContract, tokenDigestContract } from './system.contract.js';
export { thingBookingsContract } from './thing-bookings.contract.js';
export { unitOfWorkContract } from './unit-of-work.contract.js';
export { usersContract } from './users.contract.js';
