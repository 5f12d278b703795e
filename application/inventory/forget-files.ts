import type { FileVault } from './ports.js';

/**
 * Removes files that nothing refers to any more. Whoever asked is not told when that fails: what they wanted is done, and
 * what is left over is swept later.
 */
export const forgetFiles = async (vault: FileVault, names: readonly string[]): Promise<void> => {
  await Promise.allSettled(names.map((name) => vault.remove(name)));
};
