import { Container } from 'inversify';
import { ports } from '../../composition/tokens.js';
import type { Closing, LabSubject } from '../contracts/index.js';
import { persistenceContract } from '../contracts/index.js';
import { onMariaDbStore, onMemory, onSqliteFile, type Open } from '../support/stores.js';

/** The adapters that a persistence module binds, as the use cases get them. */
const adaptersIn = async (open: Open): Promise<LabSubject & Closing> => {
  const store = await open();
  const container = new Container();
  container.load(store.persistence);
  return {
    work: container.get(ports.work),
    users: container.get(ports.users),
    sessions: container.get(ports.sessions),
    devices: container.get(ports.devices),
    assets: container.get(ports.assets),
    catalogues: container.get(ports.catalogues),
    history: container.get(ports.history),
    attachments: container.get(ports.attachments),
    calendars: container.get(ports.calendars),
    bookings: container.get(ports.bookings),
    favourites: container.get(ports.favourites),
    census: container.get(ports.census),
    bookingHistory: container.get(ports.bookingHistory),
    plant: container.get(ports.plant),
    crossConnects: container.get(ports.crossConnects),
    topologies: container.get(ports.topologies),
    leases: container.get(ports.leases),
    events: container.get(ports.events),
    auditChain: container.get(ports.auditChain),
    auditRecords: container.get(ports.auditRecords),
    settings: container.get(ports.settings),
    userListings: container.get(ports.userListings),
    power: container.get(ports.power),
    bookingOverview: container.get(ports.bookingOverview),
    deviceOverview: container.get(ports.deviceOverview),
    deviceHealth: container.get(ports.deviceHealth),
    figures: container.get(ports.figures),
    notifications: container.get(ports.notifications),
    accessTokens: container.get(ports.accessTokens),
    feedSource: container.get(ports.feedSource),
    newHome: container.get(ports.newHome),
    auditEntries: () => store.auditEntries(),
    close: () => store.close(),
  };
};

// In memory SQLite keeps nothing that it does not keep in a file, and every suite over HTTP runs there.
for (const onStore of [onMemory, onSqliteFile, onMariaDbStore]) {
  onStore('what a lab is kept in', (open) => {
    persistenceContract('it', () => adaptersIn(open));
  });
}
