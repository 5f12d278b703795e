import { DomainError } from '../../domain/index.js';

/** The DomainError with which `work` fails. @throws what else it fails with, or when it does not. */
export const refusal = async (work: Promise<unknown>): Promise<DomainError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('it was not refused');
};
