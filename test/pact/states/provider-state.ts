import { z } from 'zod';
import type { Stage } from '../provider/stage.js';

/** What a state tells the verifier, for requests that name it: `fromProviderState('/devices/${deviceId}', …)`. */
export type StateValues = Readonly<Record<string, string | number | readonly number[]>>;

/** Something that consumers may take for granted in a `given`. */
export interface ProviderState {
  readonly name: string;
  /** One sentence, for docs/contracts.md. */
  readonly meaning: string;
  /** Each described, and each with a default unless it has to be given. */
  readonly parameters: z.ZodObject;
  /** Names of the values that it tells. */
  readonly tells: readonly string[];
  /** Does what has to have happened, as people would: through use cases. */
  readonly prepare: (stage: Stage, given: unknown) => Promise<StateValues>;
}

/** @throws Error from `prepare` naming the parameters that the state does not know or cannot use. */
export const providerState = <Parameters extends z.ZodObject>({
  name,
  parameters,
  prepare,
  ...rest
}: Omit<ProviderState, 'parameters' | 'prepare'> & {
  readonly parameters: Parameters;
  readonly prepare: (stage: Stage, parameters: z.output<Parameters>) => Promise<StateValues>;
}): ProviderState => ({
  ...rest,
  name,
  parameters,
  prepare: (stage, given) => {
    const read = z.strictObject(parameters.shape).safeParse(given);
    if (!read.success) throw new Error(`parameters of '${name}': ${z.prettifyError(read.error)}`);
    return prepare(stage, read.data as z.output<Parameters>);
  },
});
