const PATIENCE = 8000;
const UNSPECIFIED_WAIT = 5;

/**
 * The pagers of the house, which take `{"to", "text"}` as JSON at one address. The address is a secret of its own: it
 * stands in no reason.
 *
 * @implements {import('openlab/application').Notifier}
 */
export class PagerNotifier {
  lanes = 4;
  #url;
  #patience;

  /** @param patience milliseconds until an attempt is given up; a notifier has ten seconds. */
  constructor(url, patience = PATIENCE) {
    this.#url = url;
    this.#patience = patience;
  }

  async send({ message, to }) {
    const text = [message.title, ...message.facts.map((fact) => `${fact.label}: ${fact.text}`)].join('\n');
    try {
      const reply = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to: to?.username ?? 'everybody', text }),
        signal: AbortSignal.timeout(this.#patience),
      });
      await reply.body?.cancel();
      return outcomeOf(reply);
    } catch {
      return { kind: 'later', reason: 'the pagers cannot be reached', everybody: true };
    }
  }

  close() {
    return Promise.resolve();
  }
}

const outcomeOf = ({ ok, status, headers }) => {
  if (ok) return { kind: 'delivered' };
  // 401: no page of this lab's is taken, whatever it says.
  if (status === 401 || status === 429 || status >= 500) {
    const seconds = Number(headers.get('retry-after') ?? UNSPECIFIED_WAIT);
    const after = Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : UNSPECIFIED_WAIT * 1000;
    return { kind: 'later', reason: `the pagers answered ${status}`, after, everybody: true };
  }
  return { kind: 'refused', reason: `the pagers answered ${status}` };
};
