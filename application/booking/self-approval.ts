import { isAdmin, type Actor, type SelfApproval } from '../../domain/index.js';

/** Whether somebody of that role may decide about their own bookings. */
export const mayDecideOwn = ({ role }: Actor, allowed: SelfApproval): boolean =>
  allowed === 'everybody' || (allowed === 'admins' && isAdmin(role));
