import { DomainError } from '../../domain/index.js';

/** Ids of what was done, and why the others were not. */
export interface BulkOutcome {
  readonly succeeded: readonly number[];
  readonly failed: readonly { readonly id: number; readonly error: DomainError }[];
}

/** Does the same to each of these, named twice or not; one that is refused does not keep the others. */
export const eachByItself = async (
  ids: readonly number[],
  deed: (id: number) => Promise<unknown>,
): Promise<BulkOutcome> => {
  const succeeded: number[] = [];
  const failed: { id: number; error: DomainError }[] = [];
  for (const id of new Set(ids)) {
    try {
      await deed(id);
      succeeded.push(id);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      failed.push({ id, error });
    }
  }
  return { succeeded, failed };
};
