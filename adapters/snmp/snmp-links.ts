import type { PduAddress, PduLink, PduLinks } from '../../application/index.js';
import { invalid } from '../../domain/index.js';
import { families } from './profiles/index.js';
import { SnmpPduLink, type LinkPatience, type SnmpCredentials } from './snmp-pdu-link.js';

/** The usual patience: seven seconds of silence are enough to call a PDU unreachable. */
const USUAL_PATIENCE: LinkPatience = { timeout: 1_500, tries: 3, backoff: 1.5, deadline: 15_000 };

/** RFC 3414 asks for it, and devices refuse less. */
const SHORTEST_KEY = 8;
const LAST_PORT = 65_535;

const badAddress = (message: string) => invalid('pdu.bad-address', message);

const checkedCredentials = ({ credentials }: PduAddress): SnmpCredentials => {
  if (credentials.version === 'none') throw badAddress('A PDU that is reached over SNMP needs credentials.');
  if (credentials.version !== '3') {
    if (credentials.readCommunity === '') throw badAddress('The read community is empty.');
    return credentials;
  }
  if (credentials.user === '') throw badAddress('The SNMP user has no name.');
  const keys = [
    ...(credentials.level === 'noAuthNoPriv' ? [] : [credentials.authKey]),
    ...(credentials.level === 'authPriv' ? [credentials.privKey] : []),
  ];
  if (keys.some((key) => key.length < SHORTEST_KEY))
    throw badAddress(`A key of an SNMP user has at least ${SHORTEST_KEY} characters.`);
  return credentials;
};

/** Reaches PDUs over SNMP 1, 2c and 3. */
export class SnmpLinks implements PduLinks {
  readonly #patience: LinkPatience;

  constructor(patience: LinkPatience = USUAL_PATIENCE) {
    this.#patience = patience;
  }

  /** The names of the families, for people to choose from; `auto` finds out. */
  static readonly drivers: readonly string[] = families.map(({ name }) => name);

  open(address: PduAddress): PduLink {
    const candidates = address.driver === 'auto' ? families : families.filter(({ name }) => name === address.driver);
    if (candidates.length === 0)
      throw invalid(
        'pdu.unknown-driver',
        `There is no driver "${address.driver}". There are: auto, ${SnmpLinks.drivers.join(', ')}.`,
      );
    if (address.host.trim() === '' || /\s/.test(address.host))
      throw badAddress('The host of the PDU is not an address.');
    if (!Number.isInteger(address.port) || address.port < 1 || address.port > LAST_PORT)
      throw badAddress(`The port of the PDU is not one from 1 to ${LAST_PORT}.`);
    return new SnmpPduLink(address, checkedCredentials(address), candidates, this.#patience);
  }
}
