import { z } from 'zod';
import type { Sources } from './sources.js';

/** Where the library asks which pacts to verify. */
const LINK = 'pb:provider-pacts-for-verification';

const FirstPage = z.object({ _links: z.object({ [LINK]: z.unknown() }) });

const MOST_PATIENCE = 15_000;

const causeOf = (error: unknown): { readonly code: string; readonly message: string } => {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const { code = '' } = cause as { readonly code?: unknown };
  const why = cause instanceof Error ? cause.message : String(cause);
  return { code: String(code), message: why === '' ? String(code) : why };
};

/** The library goes through proxies and trusts what the machine trusts; what asks here does neither. */
const isOnlyForTheLibrary = (url: URL, environment: Readonly<Record<string, string | undefined>>): boolean => {
  const names = [`${url.protocol.slice(0, -1)}_proxy`, 'all_proxy'];
  const proxies = names.flatMap((name) => [environment[name], environment[name.toUpperCase()]]);
  return url.username !== '' || proxies.some((proxy) => proxy !== undefined && proxy !== '');
};
const DISTRUST = /CERT|SIGNATURE/;

/**
 * The library would say of a wrong token, or of a broker that is down, that a pact is broken.
 * @throws Error in one line when no pacts can be had from the broker.
 */
export const assertBroker = async (
  { pactBrokerUrl, pactBrokerToken }: Sources,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  if (pactBrokerUrl === undefined || isOnlyForTheLibrary(new URL(pactBrokerUrl), environment)) return;
  const headers = {
    accept: 'application/hal+json',
    ...(pactBrokerToken !== undefined && { authorization: `Bearer ${pactBrokerToken}` }),
  };
  let reply: Response;
  try {
    reply = await fetch(pactBrokerUrl, { headers, signal: AbortSignal.timeout(MOST_PATIENCE) });
  } catch (error) {
    const { code, message } = causeOf(error);
    if (DISTRUST.test(code)) return;
    throw new Error(`the broker at ${pactBrokerUrl} does not answer: ${message}`, { cause: error });
  }
  const { status } = reply;
  if (status === 401 || status === 403) {
    const verb = pactBrokerToken === undefined ? 'wants' : 'refuses';
    throw new Error(`the broker at ${pactBrokerUrl} ${verb} PACT_BROKER_TOKEN: ${status}`);
  }
  if (!reply.ok) throw new Error(`the broker at ${pactBrokerUrl} answers with ${status}`);
  const page = FirstPage.safeParse(await reply.json().catch(() => null));
  if (!page.success || page.data._links[LINK] === undefined)
    throw new Error(`what answers at ${pactBrokerUrl} is no Pact broker: it has no link ${LINK}`);
};
