/** Why a backup cannot be made or used; its operator can mend it. */
export class BackupProblem extends Error {}
