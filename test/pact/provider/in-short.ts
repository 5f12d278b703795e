import type { Complaint } from './provider.js';

/** A need that is not served, as the library tells it. */
interface Failure {
  /** `Verifying a pact between a-team and openlab Given there is a device And … - who is on duty?` */
  readonly interaction: string;
  readonly mismatch: {
    /** Why it could not be tried. */
    readonly message?: string;
    readonly mismatches?: readonly { readonly mismatch?: string }[];
  };
}

/** What the process tells when it could verify: the library's own results. */
export type VerifierResults = Readonly<Partial<Record<'errors' | 'pendingErrors', readonly Failure[]>>>;

const BETWEEN = /^Verifying a pact between (.+?) and \S+(?: Given | - )/;

const consumerOf = ({ interaction }: Failure): string => BETWEEN.exec(interaction)?.[1] ?? 'a consumer';

/** Whether that interaction begins with those states, in the words of the library. */
const isAbout = ({ interaction }: Failure, states: readonly string[]): boolean => {
  if (states.length === 0) return !interaction.includes(' Given ');
  const given = ` Given ${states.join(' And ')}`;
  return interaction.includes(`${given} And `) || interaction.includes(`${given} - `);
};

/** Whether a complaint is about a need that nobody holds against the lab yet; of one that counts, the library says so. */
export const isPending = ({ states }: Complaint, { pendingErrors = [] }: VerifierResults): boolean =>
  pendingErrors.some((failure) => isAbout(failure, states));

/** Each complaint once, with the state at which it was made and with those whose pacts name it. */
export const complaintsInShort = (complaints: readonly Complaint[], results: VerifierResults): string[] => {
  const failures = [...(results.errors ?? []), ...(results.pendingErrors ?? [])];
  const lines = complaints.map(({ states, text }) => {
    const concerned = failures.filter((failure) => isAbout(failure, states));
    const consumers = [...new Set(concerned.map(consumerOf))].join(', ');
    const at = states.at(-1) === undefined ? [] : [`'${states.at(-1) ?? ''}'`];
    return `openlab: ${[...(consumers === '' ? [] : [consumers]), ...at].join(' at ')}: ${text}`.replace(': : ', ': ');
  });
  return [...new Set(lines)];
};

/** What is not kept, a line for each interaction. */
export const failuresInShort = ({ errors = [] }: VerifierResults): string[] =>
  errors.map((failure) => {
    const { message, mismatches = [] } = failure.mismatch;
    const whys = [message, ...mismatches.map(({ mismatch }) => mismatch)].filter((why) => why !== undefined);
    const [first = 'not kept', ...more] = [...new Set(whys)];
    const what = failure.interaction.replace(BETWEEN, (between) => (between.endsWith(' - ') ? '' : 'given '));
    return `NOT KEPT: ${consumerOf(failure)}: ${what}: ${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
  });

const HEADING = /^ {2}\S.* verification\)(?: \[PENDING\])?$/;

/** The library's text with one line for each interaction that is kept. */
export const foldKept = (text: string): string =>
  text
    .split('\n\n')
    .map((block) => {
      const [heading = '', ...rest] = block.split('\n');
      const isKept = HEADING.test(heading) && !rest.some((line) => /\(FAILED\)|Request Failed/.test(line));
      return isKept ? `${heading} OK` : block;
    })
    .join('\n\n')
    .replace(/( OK\n)\n(?= {2}\S)/g, '$1');
