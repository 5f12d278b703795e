import { z } from 'zod';
import { DomainError } from '../../../domain/index.js';
import { providerState, type ProviderState } from './provider-state.js';

export const thereIsAPdu: ProviderState = providerState({
  name: 'there is a PDU',
  meaning: 'A PDU of eight outlets answers, and its first outlet feeds a device.',
  parameters: z.object({
    name: z.string().default('PDU1').describe('by which other states call it'),
    device: z.string().default('ROADM 1').describe('what outlet 1 feeds'),
  }),
  tells: ['pduName', 'deviceId'],
  prepare: async (stage, { name, device }) => {
    const root = await stage.root();
    const deviceId = stage.device(device);
    await stage.useCases.keepPdus.add(root, {
      ...{ name, driver: 'simulated', host: name, port: 161, credentials: 'none' },
      ...{ user: null, pduPath: null, externalId: null },
      outlets: [{ number: 1, device: { id: deviceId }, mode: 'manual' }],
    });
    await stage.useCases.orderPower.connect(root, name);
    return { pduName: name, deviceId };
  },
});

export const aPduDoesNotAnswer: ProviderState = providerState({
  name: 'a PDU does not answer',
  meaning: 'A PDU answered before, and was silent when it was asked last.',
  parameters: z.object({ pdu: z.string().default('PDU1').describe('its name') }),
  tells: ['pduName'],
  prepare: async (stage, { pdu }) => {
    const root = await stage.root();
    stage.silence((await stage.useCases.viewPower.one(root, pdu)).pdu.host);
    const asked: unknown = await stage.useCases.orderPower.connect(root, pdu).catch((error: unknown) => error);
    if (!(asked instanceof DomainError && asked.kind === 'unavailable')) throw asked;
    return { pduName: pdu };
  },
});

export const anOutletWasSwitched: ProviderState = providerState({
  name: 'an outlet was switched',
  meaning: 'An administrator switched an outlet, and the PDU said so when it was asked afterwards.',
  parameters: z.object({
    pdu: z.string().default('PDU1').describe('its name'),
    outlet: z.int().min(1).max(8).default(1).describe('its number'),
    to: z.enum(['on', 'off']).default('off').describe('outlets are on before'),
  }),
  tells: [],
  prepare: async (stage, { pdu, outlet, to }) => {
    await stage.useCases.orderPower.switch(await stage.root(), pdu, outlet, to);
    return {};
  },
});
