import { Fields } from '../fields.js';
import { JsonApi, Refused } from '../json-api.js';

/** What the form of a device sends: every key, blank ones as null. */
export interface DeviceForm {
  readonly name: string;
  readonly oi_id: null;
  readonly device_type_id: number;
  readonly manufacturer_id: number | null;
  readonly model: string | null;
  readonly serial_number: string | null;
  readonly status: string;
  readonly site_id: number | null;
  readonly rack: string | null;
  readonly u_position: number | null;
  readonly hostname: string | null;
  readonly mgmt_ip: string | null;
  readonly polatis_name: string | null;
  readonly polatis_port_range: string | null;
  readonly owner_group: string | null;
  readonly notes: string | null;
}

export type CatalogueName = 'device-types' | 'manufacturers' | 'sites' | 'tags';

const tag = (fields: Fields) => ({ id: fields.number('id'), name: fields.text('name') });

/** The page shows a dash for what there is not. */
const nameOf = (fields: Fields | null): string => fields?.text('name') ?? '-';

const device = (fields: Fields) => ({
  id: fields.number('id'),
  oiId: fields.textOrNull('oi_id'),
  name: fields.text('name'),
  status: fields.text('status'),
  type: `${fields.one('device_type').number('id')} ${fields.one('device_type').text('name')}`,
  manufacturer: nameOf(fields.oneOrNull('manufacturer')),
  site: nameOf(fields.oneOrNull('site')),
  // The form of the device picks these from lists.
  typeId: fields.number('device_type_id'),
  manufacturerId: fields.numberOrNull('manufacturer_id'),
  siteId: fields.numberOrNull('site_id'),
  model: fields.textOrNull('model'),
  serial: fields.textOrNull('serial_number'),
  place: [fields.textOrNull('rack'), fields.numberOrNull('u_position')],
  network: [fields.textOrNull('hostname'), fields.textOrNull('mgmt_ip')],
  patch: [fields.textOrNull('polatis_name'), fields.textOrNull('polatis_port_range')],
  group: fields.textOrNull('owner_group'),
  notes: fields.textOrNull('notes'),
  tags: fields.list('tags').map(tag),
  createdAt: new Date(fields.text('created_at')).toISOString(),
  updatedAt: new Date(fields.text('updated_at')).toISOString(),
});

/** The inventory's pages, as far as they talk to the server: what they send, and what they read of the replies. */
export class InventoryFrontend {
  readonly #api: JsonApi;

  constructor(url: string, session: string) {
    this.#api = new JsonApi(`${url}/api/inventory`, session, true);
  }

  async devices(filter: string, offset = 0) {
    const reply = await this.#api.ask('GET', `/devices?limit=50&offset=${offset}${filter}`);
    return { total: reply.number('total'), items: reply.list('items').map(device) };
  }

  async device(id: number) {
    return device(await this.#api.ask('GET', `/devices/${id}`));
  }

  async addDevice(form: DeviceForm): Promise<number> {
    return (await this.#api.ask('POST', '/devices', form)).number('id');
  }

  async saveDevice(id: number, form: DeviceForm): Promise<number> {
    return (await this.#api.ask('PUT', `/devices/${id}`, form)).number('id');
  }

  async setStatus(ids: readonly number[], status: string): Promise<number[]> {
    const form = { device_ids: ids, updates: { status } };
    return (await this.#api.ask('POST', '/devices/bulk-update', form)).numbers('succeeded');
  }

  async history(id: number) {
    return (await this.#api.ask('GET', `/devices/${id}/history`)).items().map((entry) => ({
      id: entry.number('id'),
      action: entry.text('action'),
      change: [entry.textOrNull('field_name'), entry.textOrNull('old_value'), entry.textOrNull('new_value')],
      notes: entry.textOrNull('notes'),
      more: entry.objectOrNull('metadata'),
      at: new Date(entry.text('created_at')).toISOString(),
    }));
  }

  async tagsOf(id: number) {
    return (await this.#api.ask('GET', `/devices/${id}/tags`)).items().map(tag);
  }

  async addTag(id: number, tagId: number) {
    return (await this.#api.ask('POST', `/devices/${id}/tags`, { tag_ids: [tagId] })).items().map(tag);
  }

  async removeTag(id: number, tagId: number): Promise<void> {
    await this.#remove(`/devices/${id}/tags/${tagId}`);
  }

  async deviceTypes() {
    return (await this.#api.ask('GET', '/device-types')).items().map((type) => ({
      ...{ id: type.number('id'), name: type.text('name'), category: type.text('category') },
      description: type.textOrNull('description'),
      flags: [type.flag('is_schedulable'), type.flag('has_ports')],
    }));
  }

  async manufacturers() {
    return (await this.#api.ask('GET', '/manufacturers')).items().map((maker) => ({
      ...{ id: maker.number('id'), name: maker.text('name') },
      ...{ website: maker.textOrNull('website'), notes: maker.textOrNull('notes') },
    }));
  }

  async sites() {
    return (await this.#api.ask('GET', '/sites')).items().map((site) => ({
      ...{ id: site.number('id'), name: site.text('name') },
      ...{ address: site.textOrNull('address'), notes: site.textOrNull('notes') },
    }));
  }

  async tags() {
    return (await this.#api.ask('GET', '/tags')).items().map((entry) => ({
      ...tag(entry),
      ...{ color: entry.textOrNull('color'), description: entry.textOrNull('description') },
    }));
  }

  async addEntry(catalogue: CatalogueName, form: object): Promise<number> {
    return (await this.#api.ask('POST', `/${catalogue}`, form)).number('id');
  }

  async saveEntry(catalogue: CatalogueName, id: number, form: object): Promise<number> {
    return (await this.#api.ask('PUT', `/${catalogue}/${id}`, form)).number('id');
  }

  async removeEntry(catalogue: CatalogueName, id: number): Promise<void> {
    await this.#remove(`/${catalogue}/${id}`);
  }

  /** The pages read no body of a 204. */
  async #remove(path: string): Promise<void> {
    const reply = await this.#api.send('DELETE', path);
    if (!reply.ok) throw new Refused(reply.status, new Fields(await reply.json()).text('detail'));
    if (reply.status !== 204) await reply.json();
  }
}
