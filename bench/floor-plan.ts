export type SqlValue = string | number | null;

/** One statement as the lab's server sends it to its database. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** What one call needs at the very least. */
export interface Floor {
  /** Name of the row. */
  readonly name: string;
  readonly signedIn: boolean;
  /** In one transaction when it writes. */
  readonly statements: readonly Statement[];
  readonly writes: boolean;
  /** What the lab's server answered. */
  readonly reply: unknown;
}

/** What a floor server is started with, as JSON. Each floor is served at its place in the list: `/0`, `/1` … */
export interface FloorPlan {
  readonly databaseUrl: string;
  /** Finds the session by its primary key; the key itself comes with the request. */
  readonly session: Statement;
  readonly floors: readonly Floor[];
}
