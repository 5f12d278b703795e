import { modeOf, needsOf, type Feed, type Instant, type PoweredDevice, type PowerPolicy } from '../../domain/index.js';
import type { OutletRecord, Pdu } from './power-records.js';
import type { FedDevice, PowerView } from './power-stores.js';

/** A device with what decides about its power, and with the people who have it. */
export interface SituatedDevice extends PoweredDevice {
  readonly facts: FedDevice;
}

/** Reads what decides about power, as of now. */
export class PowerSituation {
  readonly #view: PowerView;
  readonly policy: PowerPolicy;

  constructor(view: PowerView, policy: PowerPolicy) {
    this.#view = view;
    this.policy = policy;
  }

  /** The devices that outlets feed, with what concerns them until that instant; `only` these rows unless it is null. */
  async devices(now: Instant, until: Instant, only: readonly number[] | null = null): Promise<SituatedDevice[]> {
    const [pdus, outlets] = await Promise.all([
      this.#view.pdus(),
      this.#view.outlets(only ? { deviceIds: only } : undefined),
    ]);
    const assigned = outlets.filter(({ deviceId }) => deviceId !== null);
    const ids = [...new Set(assigned.flatMap(({ deviceId }) => deviceId ?? []))];
    if (ids.length === 0) return [];
    const devices = await this.#view.devices(ids, this.#window(now, until));
    return this.#joined(devices, assigned, new Map(pdus.map((pdu) => [pdu.id, pdu])));
  }

  /** Wide enough for everything that may still count, or that counts ahead of its time. */
  #window(now: Instant, until: Instant) {
    const { lead, grace, byHand } = this.policy;
    return { start: now - Math.max(grace, byHand), end: until + lead + 1 };
  }

  #joined(
    devices: readonly FedDevice[],
    outlets: readonly OutletRecord[],
    pdus: ReadonlyMap<number, Pdu>,
  ): SituatedDevice[] {
    return devices.map((facts) => ({
      facts,
      ...{ id: facts.id, name: facts.name, maintenance: facts.maintenance },
      inMaintenance: facts.status === 'in_maintenance',
      needs: needsOf(facts.bookings, this.policy),
      feeds: outlets
        .filter(({ deviceId }) => deviceId === facts.id)
        .map((outlet): Feed => ({
          ...{ pduId: outlet.pduId, outlet: outlet.number, hold: outlet.hold, hand: outlet.hand },
          pduName: pdus.get(outlet.pduId)?.name ?? '',
          mode: modeOf(outlet.mode, facts, this.policy),
        })),
    }));
  }
}
