import { isAdmin, type Actor } from '../../domain/index.js';

/** Who may decide about their own bookings. */
export type SelfApproval = 'nobody' | 'admins' | 'everybody';

export const mayDecideOwn = ({ role }: Actor, allowed: SelfApproval): boolean =>
  allowed === 'everybody' || (allowed === 'admins' && isAdmin(role));
