import { isAdmin, type Actor, type SelfApproval } from '../../domain/index.js';

export const mayDecideOwn = ({ role }: Actor, allowed: SelfApproval): boolean =>
  allowed === 'everybody' || (allowed === 'admins' && isAdmin(role));
