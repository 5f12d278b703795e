export { AcceptInvitation } from './accept-invitation.js';
export { FindUsers, MOST_FOUND_USERS } from './find-users.js';
export { InviteFirstAdmin } from './invite-first-admin.js';
export type { AccountForm } from './new-account.js';
export type * from './ports.js';
export { RegisterAdmin } from './register-admin.js';
export { RegisterUser } from './register-user.js';
export { SignIn } from './sign-in.js';
export { WhoIs } from './who-is.js';
