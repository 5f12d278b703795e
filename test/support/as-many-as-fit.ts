import fc from 'fast-check';

/**
 * Holds a property to as many runs as begin within the time, and to one in any case: by itself fast-check takes it for a
 * failure when a busy machine leaves time for none.
 * @param time in milliseconds.
 */
export const asManyAsFit = async <Values>(
  property: fc.IAsyncProperty<Values>,
  time: number,
  parameters: fc.Parameters<Values>,
): Promise<void> => {
  const outcome = await fc.check(property, { ...parameters, interruptAfterTimeLimit: time });
  const hadNoTime = outcome.interrupted && outcome.numRuns === 0;
  if (hadNoTime) await fc.assert(property, { ...parameters, seed: outcome.seed, numRuns: 1 });
  else if (outcome.failed) {
    throw new Error(fc.defaultReportMessage(outcome as fc.RunDetails<unknown>), { cause: outcome.errorInstance });
  }
};
