import {
  DomainError,
  assertMay,
  conflict,
  invalid,
  nameKey,
  notFound,
  type Actor,
  type Instant,
  type OutletMode,
} from '../../domain/index.js';
import { recordChange } from '../inventory/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { AuditEntry, Clock } from '../shared/ports.js';
import { noSuchOutlet, pduNamed } from './order-power.js';
import type { PduCredentials, PduLinks } from './ports.js';
import { blankOutlet, boundNameOf, type OutletRecord, type Pdu, type PowerCommand } from './power-records.js';
import type { CredentialVault, PowerStores, PowerView, PowerWork } from './power-stores.js';

/** A PDU as somebody registers it. */
export interface PduForm {
  readonly name: string;
  readonly driver: string;
  readonly host: string;
  readonly port: number;
  /** `env:NAME`, `default`, or the credentials themselves, which are kept sealed. */
  readonly credentials: string | PduCredentials;
  readonly user: string | null;
  readonly pduPath: string | null;
  readonly externalId: string | null;
  readonly outlets: readonly OutletForm[];
}

/** What is said of one outlet. A mode of null leaves it to the policy. */
export interface OutletForm {
  readonly number: number;
  readonly device: DeviceChoice;
  readonly mode: OutletMode | null;
}

/** What an outlet feeds: a row of the inventory, whatever has that name or address, or nothing. */
export type DeviceChoice =
  { readonly id: number } | { readonly name: string } | { readonly managementIp: string } | null;

/** A PDU that can be registered, with its credentials as they are kept. */
interface SoundPdu extends Pick<PduForm, 'outlets'> {
  readonly facts: Omit<PduForm, 'outlets' | 'credentials'>;
  readonly credentials: string;
}

/** How long a hold may last. */
const LONGEST_HOLD = 366 * 24 * 3_600_000;

/** PDUs and what their outlets feed. */
export class KeepPdus {
  readonly #view: PowerView;
  readonly #work: PowerWork;
  readonly #vault: CredentialVault;
  readonly #links: PduLinks;
  readonly #clock: Clock;

  constructor(view: PowerView, work: PowerWork, vault: CredentialVault, links: PduLinks, clock: Clock) {
    this.#view = view;
    this.#work = work;
    this.#vault = vault;
    this.#links = links;
    this.#clock = clock;
  }

  /** @throws DomainError `pdu.duplicate`, `pdu.unknown-driver`, `pdu.bad-address`, `power.no-key`, `device.not-found`. */
  async add(actor: Actor, form: PduForm): Promise<Pdu> {
    assertMay(actor, 'devices:write');
    const sound = this.#sound(form);
    return this.#work.run((stores) => this.#addTo(stores, actor, sound));
  }

  /**
   * Registers all of them in a lab that has no PDU, or none when it has one: also when several processes do so at once,
   * and when one of them dies over it.
   * @returns whether they were registered.
   * @throws DomainError as `add`.
   */
  async addFirst(actor: Actor, forms: readonly PduForm[]): Promise<boolean> {
    assertMay(actor, 'devices:write');
    const sound = forms.map((form) => this.#sound(form));
    const begin = () =>
      this.#work.run(async (stores) => {
        if ((await stores.power.pdus()).length > 0) return false;
        for (const each of sound) await this.#addTo(stores, actor, each);
        return true;
      });
    try {
      return await begin();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'pdu.duplicate') throw error;
      // Another process was first, or two of them are the same: the second look tells.
      return begin();
    }
  }

  /**
   * Forgets a PDU and what its outlets feed; nothing is switched.
   * @throws DomainError `pdu.not-found`, `pdu.busy` while something was sent to it that is not over: a cycle would leave
   * its device off for good.
   */
  async remove(actor: Actor, name: string): Promise<void> {
    assertMay(actor, 'devices:write');
    const pdu = await pduNamed(this.#view, name);
    const now = this.#clock.now();
    await this.#work.run(async (stores) => {
      // What is sent from now on finds its PDU gone.
      assertIdle(pdu, await stores.power.openCommands());
      for (const { number, deviceId } of await stores.power.outlets({ pduIds: [pdu.id] })) {
        await noteFeeding(stores, actor, outletNamed(pdu, number), { before: deviceId, after: null }, now);
      }
      await stores.power.removePdu(pdu.id);
      await stores.audit.append({
        ...entry(actor, 'pdu.removed', pdu, now),
        message: `${actor.username} removed ${pdu.name}`,
        metadata: { before: { host: pdu.host, driver: pdu.driver, identity: pdu.identity } },
      });
    });
  }

  /**
   * Says what an outlet feeds.
   * @param device undefined leaves it as it is, and so does an undefined mode.
   * @returns how that is called, null for nothing.
   * @throws DomainError `pdu.not-found`, `outlet.not-found`, `device.not-found`, `device.ambiguous`.
   */
  async assign(
    actor: Actor,
    pduName: string,
    number: number,
    device: DeviceChoice | undefined,
    mode: OutletMode | null | undefined,
  ): Promise<string | null> {
    assertMay(actor, 'devices:write');
    const { pdu, boundName } = await this.#outlet(pduName, number);
    const now = this.#clock.now();
    return this.#work.run(async (stores) => {
      const before = (await stores.power.outlet(pdu.id, number)) ?? blankOutlet(pdu.id, number);
      const fed = await (device === undefined ? this.#fedBy(stores, before) : this.#fed(stores, device));
      const after: OutletRecord = {
        ...before,
        ...{ deviceId: fed.deviceId, label: fed.label },
        // Whoever only says how it is switched has not looked at what is plugged in.
        boundName: fed.deviceId === null ? null : device === undefined ? before.boundName : boundName,
        mode: mode === undefined ? before.mode : mode,
      };
      await stores.power.saveOutlet(after);
      await stores.audit.append({
        ...outletEntry(actor, 'power.assigned', pdu, number, now),
        message: `${actor.username} assigned ${fed.name ?? 'nothing'} to ${pdu.name} outlet ${number}`,
        metadata: { before: mappingOf(before), after: mappingOf(after) },
      });
      const feeding = { before: before.deviceId, after: after.deviceId };
      await noteFeeding(stores, actor, outletNamed(pdu, number), feeding, now);
      return fed.name;
    });
  }

  /** Keeps the lab from switching an outlet until then. @throws DomainError `pdu.not-found`, `power.bad-hold`. */
  async hold(actor: Actor, pduName: string, number: number, until: Instant, reason: string): Promise<void> {
    const now = this.#clock.now();
    if (until <= now || until > now + LONGEST_HOLD) {
      throw invalid('power.bad-hold', 'A hold ends in the future, and within a year.');
    }
    await this.#setHold(actor, pduName, number, { until, reason, by: actor.username }, 'power.held');
  }

  /** Ends a hold; without one nothing changes. */
  release(actor: Actor, pduName: string, number: number): Promise<void> {
    return this.#setHold(actor, pduName, number, null, 'power.released');
  }

  /** As it is kept. @throws DomainError when it cannot be right. */
  #sound(form: PduForm): SoundPdu {
    const { outlets, credentials, ...facts } = form;
    const kept = typeof credentials === 'string' ? credentials : this.#vault.seal(credentials);
    const host = form.host.toLowerCase();
    // Opening sends nothing: it says whether driver and address can be right.
    const { driver, port } = form;
    this.#links.open({ driver, host, port, credentials: standInFor(credentials) }).close();
    return { facts: { ...facts, host }, credentials: kept, outlets };
  }

  async #addTo(stores: PowerStores, actor: Actor, { facts, credentials, outlets }: SoundPdu): Promise<Pdu> {
    const now = this.#clock.now();
    const pdu = await stores.power.addPdu({ ...facts, credentials, createdAt: now });
    for (const { number, device, mode } of outlets) {
      const { deviceId, label } = await this.#fed(stores, device);
      await stores.power.saveOutlet({ ...blankOutlet(pdu.id, number), deviceId, label, mode });
      await noteFeeding(stores, actor, outletNamed(pdu, number), { before: null, after: deviceId }, now);
    }
    await stores.audit.append({
      ...entry(actor, 'pdu.added', pdu, now),
      message: `${actor.username} added ${pdu.name}`,
      metadata: { after: facts },
    });
    return pdu;
  }

  async #setHold(
    actor: Actor,
    pduName: string,
    number: number,
    hold: OutletRecord['hold'],
    action: string,
  ): Promise<void> {
    assertMay(actor, 'devices:write');
    const { pdu } = await this.#outlet(pduName, number);
    const now = this.#clock.now();
    await this.#work.run(async (stores) => {
      const before = (await stores.power.outlet(pdu.id, number)) ?? blankOutlet(pdu.id, number);
      await stores.power.saveOutlet({ ...before, hold });
      await stores.audit.append({
        ...outletEntry(actor, action, pdu, number, now),
        message: `${actor.username} ${hold ? 'holds' : 'released'} ${pdu.name} outlet ${number}`,
        metadata: { before: before.hold, after: hold },
      });
    });
  }

  /** The PDU, and what it calls the outlet now. */
  async #outlet(pduName: string, number: number): Promise<{ pdu: Pdu; boundName: string | null }> {
    const pdu = await pduNamed(this.#view, pduName);
    const reading = (await this.#view.readings()).find(({ pduId }) => pduId === pdu.id)?.reading;
    const outlet = reading?.outlets.find((known) => known.number === number);
    if (reading && !outlet) throw noSuchOutlet(pdu, number);
    return { pdu, boundName: boundNameOf(outlet?.name ?? null) };
  }

  async #fedBy({ devices }: Pick<PowerStores, 'devices'>, { deviceId, label }: OutletRecord) {
    const device = deviceId === null ? null : await devices.find(deviceId);
    return { deviceId, label, name: device?.name ?? label };
  }

  async #fed(
    { devices }: Pick<PowerStores, 'devices'>,
    choice: DeviceChoice,
  ): Promise<{ deviceId: number | null; label: string | null; name: string | null }> {
    if (choice === null) return { deviceId: null, label: null, name: null };
    if ('id' in choice) {
      const device = await devices.find(choice.id);
      if (!device) throw notFound('device.not-found', 'Device not found');
      return { deviceId: device.id, label: null, name: device.name };
    }
    const isMeant =
      'name' in choice
        ? (known: { name: string }) => nameKey(known.name) === nameKey(choice.name)
        : (known: { managementIp: string | null }) => known.managementIp === choice.managementIp;
    const found = (await devices.all()).filter(isMeant);
    const [first] = found;
    const label = 'name' in choice ? choice.name : choice.managementIp;
    if (!first) return { deviceId: null, label, name: label };
    if (found.some(({ typeId, name }) => typeId !== first.typeId || nameKey(name) !== nameKey(first.name))) {
      const ids = found.map(({ id }) => id);
      throw invalid('device.ambiguous', `Several devices are '${label}': name one by device_id (${ids.join(', ')}).`);
    }
    return { deviceId: first.id, label: null, name: first.name };
  }
}

const assertIdle = (pdu: Pdu, open: readonly PowerCommand[]): void => {
  const underWay = open.find(({ pduId, state }) => pduId === pdu.id && (state === 'sent' || state === 'resting'));
  if (!underWay) return;
  const { id, order, outlet } = underWay;
  const detail = `${pdu.name} outlet ${outlet} is being switched (${order}, job ${id}). Please try again in a moment.`;
  throw conflict('pdu.busy', detail, { job_id: id });
};

/** Credentials that are elsewhere may not be there yet; a PDU can be registered all the same. */
const standInFor = (credentials: PduForm['credentials']): PduCredentials => {
  if (typeof credentials !== 'string') return credentials;
  return credentials === 'none'
    ? { version: 'none' }
    : { version: '2c', readCommunity: credentials, writeCommunity: null };
};

const outletNamed = ({ name }: Pdu, number: number): string => `${name} outlet ${number}`;

/** Writes into the histories of two devices that an outlet feeds the one no more, and now the other. */
const noteFeeding = async (
  stores: Pick<PowerStores, 'devices' | 'deviceHistory'>,
  actor: Actor,
  outlet: string,
  fed: { readonly before: number | null; readonly after: number | null },
  at: Instant,
): Promise<void> => {
  if (fed.before === fed.after) return;
  const note = async (id: number | null, change: { before: string | null; after: string | null }) => {
    const device = id === null ? null : await stores.devices.find(id);
    if (!device) return;
    const fields = [{ field: 'power_outlet', ...change }];
    await recordChange(stores, actor, device, { action: 'power_mapping_changed', fields }, at);
  };
  await note(fed.before, { before: outlet, after: null });
  await note(fed.after, { before: null, after: outlet });
};

const mappingOf = ({ deviceId, label, mode, boundName }: OutletRecord) => ({ deviceId, label, mode, boundName });

const entry = (
  actor: Actor,
  action: string,
  { id, name }: Pdu,
  at: Instant,
): Omit<AuditEntry, 'message' | 'metadata'> => ({
  ...{ at, actor: auditActorOf(actor), action },
  ...{ entityType: 'pdu', entityId: String(id), entityLabel: name },
});

const outletEntry = (actor: Actor, action: string, pdu: Pdu, number: number, at: Instant) => ({
  ...entry(actor, action, pdu, at),
  ...{ entityType: 'outlet', entityId: `${pdu.id}/${number}`, entityLabel: outletNamed(pdu, number) },
});
