import { DomainError } from '../../domain/index.js';

/**
 * What goes wrong between the lab and a PDU. No message holds what the library said: it quotes community strings. None
 * is given a cause either, since causes are logged.
 */
const unavailable = (code: string, message: string) => new DomainError('unavailable', code, message);

export const unreachable = (where: string, hint: string) =>
  unavailable('pdu.unreachable', `The PDU at ${where} does not answer. ${hint}`);

export const SILENCE =
  'Check that it has power and network, its address and port, that SNMP of this version is switched on, and the community or the privacy key: to a wrong one a PDU says nothing.';

export const tooSlow = (where: string) =>
  unreachable(where, 'It may be restarting, or the network loses too much: try again, and check its load and its way.');

export const unanswered = (where: string) =>
  unavailable(
    'pdu.unreachable',
    `The PDU at ${where} did not answer the order to switch. It may have carried it out: look at the outlet. If it never answers, check the write community.`,
  );

export const refusedUser = (where: string) =>
  unavailable(
    'pdu.refused',
    `The PDU at ${where} does not accept the SNMP user. Check its name, its keys, its protocols and its level.`,
  );

export const refusedWrite = (where: string) =>
  unavailable(
    'pdu.refused',
    `The PDU at ${where} does not let this community or user switch. Check that write access is switched on there, and the write community or the role of the user.`,
  );

export const noWriteAccess = (where: string) =>
  unavailable('pdu.refused', `The PDU at ${where} is read-only here: no write community is configured for it.`);

export const notAPdu = (where: string, wanted: string) =>
  unavailable(
    'pdu.not-a-pdu',
    `What answers at ${where} is not ${wanted}. Check the address and the driver; docs/drivers.md lists the families.`,
  );

export const noSuchOutlet = (where: string, number: number, known: readonly number[]) =>
  unavailable(
    'pdu.no-such-outlet',
    known.length === 0
      ? `The PDU at ${where} shows no outlets, so there is no outlet ${number}.`
      : `The PDU at ${where} has no outlet ${number}. Its outlets are ${inRanges(known)}.`,
  );

export const notSwitchable = (where: string, number: number) =>
  unavailable(
    'pdu.not-switchable',
    `The PDU at ${where} cannot switch outlet ${number}: it only measures it, or its switching is disabled.`,
  );

export const malformedReply = (where: string) =>
  unavailable(
    'pdu.malformed-reply',
    `What the PDU at ${where} answers is not the SNMP that was asked for. Check its firmware, the SNMP version, and that nothing else uses this address.`,
  );

export const failed = (where: string) =>
  unavailable('pdu.failed', `The PDU at ${where} says that it could not do it. Look at its own log.`);

export const closed = (where: string) =>
  unavailable('pdu.closed', `The conversation with the PDU at ${where} is over.`);

/** 1, 2, 3, 7 as "1 to 3, 7". */
const inRanges = (numbers: readonly number[]): string => {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ');
};
