import type {
  AuditEntry,
  Invitation,
  NewAccount,
  NewBooking,
  NewDeviceType,
  NewMaintenanceWindow,
  SessionRecord,
  Stores,
} from '../../application/index.js';
import {
  DAY,
  HOUR,
  type Device,
  type DeviceFacts,
  type Instant,
  type TimeSlot,
  type User,
} from '../../domain/index.js';

/** An instant that is lost by a store that keeps whole seconds, or that knows only signed 32-bit numbers. */
export const NOON: Instant = Date.UTC(2026, 10, 23, 12, 0, 0, 7);

/** The last millisecond that people can write with a year of four digits. */
export const LATEST: Instant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** From one hour after noon to another. */
export const hours = (from: number, to: number): TimeSlot => ({ start: NOON + from * HOUR, end: NOON + to * HOUR });

export const anAccount = (username: string, other: Partial<NewAccount> = {}): NewAccount => ({
  username,
  email: null,
  discordId: null,
  role: 'User',
  status: 'active',
  passwordHash: `hash of ${username}`,
  createdAt: NOON,
  ...other,
});

export const aSession = (id: string, other: Partial<SessionRecord> = {}): SessionRecord => ({
  id,
  userId: 1,
  createdAt: NOON,
  expiresAt: NOON + 7 * DAY,
  ...other,
});

export const anInvitation = (tokenDigest: string, other: Partial<Invitation> = {}): Invitation => ({
  tokenDigest,
  role: 'Viewer',
  expiresAt: NOON + DAY,
  invitedBy: null,
  id: 'invitation',
  email: 'ada@lab.example',
  ...other,
});

export const aType = (name: string, other: Partial<NewDeviceType> = {}): NewDeviceType => ({
  name,
  category: 'OPTICAL',
  description: null,
  schedulable: true,
  hasPorts: true,
  ...other,
});

/** Facts of which only the name and the type are known. */
export const factsOf = (typeId: number, name: string, other: Partial<DeviceFacts> = {}): DeviceFacts => ({
  oiId: null,
  name,
  typeId,
  manufacturerId: null,
  model: null,
  serialNumber: null,
  status: 'active',
  siteId: null,
  rack: null,
  uPosition: null,
  hostname: null,
  managementIp: null,
  polatisName: null,
  polatisPortRange: null,
  inPort: null,
  outPort: null,
  ports: [],
  ownerGroup: null,
  ownerId: null,
  notes: null,
  ...other,
});

export const aMaintenance = (deviceId: number, other: Partial<NewMaintenanceWindow> = {}): NewMaintenanceWindow => ({
  deviceId,
  slot: hours(0, 24),
  reason: 'fans',
  createdBy: null,
  createdAt: NOON,
  legacy: false,
  ...other,
});

export const aBooking = (deviceId: number, ownerId: number, other: Partial<NewBooking> = {}): NewBooking => ({
  groupId: 'group',
  deviceId,
  ownerId,
  slot: hours(1, 2),
  status: 'PENDING',
  comment: '',
  createdAt: NOON,
  ...other,
});

export const anEntry = (other: Partial<AuditEntry> = {}): AuditEntry => ({
  at: NOON,
  actor: { id: 1, name: 'ada', role: 'User' },
  action: 'booking.cancelled',
  entityType: 'booking',
  entityId: '1',
  entityLabel: 'ROADM 1',
  message: 'ada cancelled booking 1',
  metadata: { before: 'PENDING' },
  ...other,
});

/** A type with these devices, one row each unless a name is repeated, and people to book them. */
export const furnish = async (
  { users, deviceTypes, devices }: Pick<Stores, 'users' | 'deviceTypes' | 'devices'>,
  {
    type = aType('ROADM'),
    rows = [],
    people = [],
  }: {
    readonly type?: NewDeviceType;
    readonly rows?: readonly ({ readonly name: string } & Partial<DeviceFacts>)[];
    readonly people?: readonly string[];
  },
): Promise<{ typeId: number; rows: Device[]; people: User[] }> => {
  const { id: typeId } = await deviceTypes.add(type, NOON);
  const added: Device[] = [];
  for (const { name, ...facts } of rows) added.push(await devices.add(factsOf(typeId, name, facts), NOON));
  const known: User[] = [];
  for (const username of people) known.push(await users.add(anAccount(username)));
  return { typeId, rows: added, people: known };
};
