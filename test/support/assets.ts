import { expect } from 'chai';
import type { Agent } from './people.js';

/** An asset as `/api/inventory` shows it; what a test does not read is left out. */
export interface AssetBody {
  readonly id: number;
  readonly oi_id: string | null;
  readonly name: string;
  readonly status: string;
  readonly version: number;
  readonly notes: string | null;
  readonly tags: readonly { readonly id: number; readonly name: string }[];
  readonly [field: string]: unknown;
}

/** One entry of a history. */
export interface HistoryBody {
  readonly id: number;
  readonly change_id: number;
  readonly action: string;
  readonly field_name: string | null;
  readonly old_value: string | null;
  readonly new_value: string | null;
  readonly changed_by_username: string;
  readonly notes: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

/** Everything that the inventory page sends of a device, blanks as null, as it does. */
export const assetForm = (deviceTypeId: number, fields: object = {}) => ({
  ...{ name: 'ROADM-17', oi_id: null, device_type_id: deviceTypeId, manufacturer_id: null, model: null },
  ...{ serial_number: null, status: 'active', site_id: null, rack: null, u_position: null, hostname: null },
  ...{ mgmt_ip: null, polatis_name: null, polatis_port_range: null, owner_group: null, notes: null },
  ...fields,
});

/** Adds an entry to one of the catalogues and answers its id. */
export const addedEntry = async (admin: Agent, catalogue: string, fields: object): Promise<number> => {
  const reply = await admin.post(`/api/inventory/${catalogue}`).send(fields);
  expect(reply.status, reply.text).to.equal(201);
  return reply.body.id as number;
};

export const addedAsset = async (admin: Agent, deviceTypeId: number, fields: object = {}): Promise<AssetBody> => {
  const reply = await admin.post('/api/inventory/devices').send(assetForm(deviceTypeId, fields));
  expect(reply.status, reply.text).to.equal(201);
  return reply.body as AssetBody;
};

export const assetNow = async (agent: Agent, id: number): Promise<AssetBody> =>
  (await agent.get(`/api/inventory/devices/${id}`).expect(200)).body as AssetBody;

/** The latest change first. */
export const historyOf = async (agent: Agent, id: number): Promise<HistoryBody[]> =>
  (await agent.get(`/api/inventory/devices/${id}/history`).expect(200)).body as HistoryBody[];

/** What a history tells, the oldest first, in short lines: `updated status: planned -> active`. */
export const storyOf = async (agent: Agent, id: number): Promise<string[]> =>
  (await historyOf(agent, id))
    .toSorted((a, b) => a.change_id - b.change_id || a.id - b.id)
    .map(({ action, field_name: field, old_value: before, new_value: after }) =>
      field === null ? action : `${action} ${field}: ${before ?? '-'} -> ${after ?? '-'}`,
    );
