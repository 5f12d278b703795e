export { NoteRefusal, type RefusalWork } from './note-refusal.js';
export type * from './ports.js';
export { SealAudit } from './seal-audit.js';
export { VerifyAudit, type AuditVerdict } from './verify-audit.js';
export { ViewAudit } from './view-audit.js';
