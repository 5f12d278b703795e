/** From least to most: a role may do everything the roles before it may. */
export const ROLES = ['User', 'Viewer', 'Approver', 'Admin', 'Super Admin'] as const;

/** What somebody is in the lab; it decides what they may do. */
export type Role = (typeof ROLES)[number];

/** What a role can be allowed, by the words that the admin pages know. */
export const CAPABILITIES = [
  'bookings:read',
  'bookings:write',
  'bookings:export',
  'devices:read',
  'devices:write',
  'users:read',
  'users:write',
  'logs:read',
  'logs:export',
  'settings:write',
  'topologies:write',
] as const;

/** One thing that a role can be allowed. */
export type Capability = (typeof CAPABILITIES)[number];

const viewer: readonly Capability[] = ['bookings:read', 'devices:read', 'users:read', 'logs:read'];
const approver: readonly Capability[] = [...viewer, 'bookings:write', 'bookings:export'];
const admin: readonly Capability[] = [...approver, 'devices:write', 'users:write', 'logs:export', 'topologies:write'];

const granted: Readonly<Record<Role, ReadonlySet<Capability>>> = {
  User: new Set(),
  Viewer: new Set(viewer),
  Approver: new Set(approver),
  Admin: new Set(admin),
  'Super Admin': new Set(CAPABILITIES),
};

/** Whether the role carries the capability. Users carry none, Super Admins all. */
export const roleCan = (role: Role, capability: Capability): boolean => granted[role].has(capability);

/** What the first frontend calls an administrator. */
export const isAdmin = (role: Role): boolean => role === 'Admin' || role === 'Super Admin';
