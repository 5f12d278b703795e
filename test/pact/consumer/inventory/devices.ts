import { expect } from 'chai';
import { eachLike, instant, integer, like, nullValue, oneOf, string, told, toldPath } from '../matching.js';
import type { Given, PactOf } from '../pact-of.js';
import { InventoryFrontend, type DeviceForm } from './inventory-frontend.js';

const ADMIN = ['somebody is signed in', { username: 'kim', role: 'Admin' }] as const;
const DEVICE: readonly Given[] = ['there is a device', ADMIN];
const asked = { as: 'kim', headers: { 'Content-Type': 'application/json' } };

const NAMED = (name: string) => ({ id: integer(2), name: string(name) });

const SHOWN = {
  id: integer(5),
  oi_id: string('OI-ROADM 1'),
  name: string('ROADM 1'),
  status: oneOf('active', 'in_maintenance', 'unavailable', 'retired', 'spare', 'planned'),
  device_type: NAMED('ROADM'),
  device_type_id: integer(2),
  manufacturer: { name: string('Lumentum') },
  manufacturer_id: integer(3),
  site: { name: string('Dublin Lab') },
  site_id: integer(4),
  model: string('M-1'),
  serial_number: string('S-1'),
  rack: string('D07'),
  u_position: integer(1),
  hostname: string('device.lab.example'),
  mgmt_ip: string('192.0.2.1'),
  polatis_name: string('PA-1'),
  polatis_port_range: null,
  owner_group: string('Photonics'),
  notes: string('On loan.'),
  tags: eachLike(NAMED('flexgrid')),
  created_at: instant('2026-11-23T09:00:00.000Z'),
  updated_at: instant('2026-11-23T09:00:00.000Z'),
};

const NOTHING = nullValue();

/** As the form saves a device of which little is filled in. */
const SHOWN_BLANK = {
  ...{ id: integer(5), oi_id: NOTHING, name: string('ROADM 1'), status: string('active') },
  ...{ device_type: NAMED('Bare'), device_type_id: integer(2) },
  ...{ manufacturer: NOTHING, manufacturer_id: NOTHING, site: NOTHING, site_id: NOTHING },
  ...{ model: NOTHING, serial_number: NOTHING, rack: NOTHING, u_position: NOTHING, hostname: NOTHING },
  ...{ mgmt_ip: NOTHING, polatis_name: NOTHING, polatis_port_range: NOTHING, owner_group: NOTHING, notes: NOTHING },
  ...{ tags: [], created_at: SHOWN.created_at, updated_at: SHOWN.updated_at },
};

const FORM: DeviceForm = {
  ...{ name: 'ROADM-17', oi_id: null, device_type_id: 2, manufacturer_id: null, model: null },
  ...{ serial_number: 'LUM123456', status: 'active', site_id: null, rack: null, u_position: null, hostname: null },
  ...{ mgmt_ip: '10.20.1.117', polatis_name: null, polatis_port_range: null, owner_group: null, notes: null },
};

const EDITED: DeviceForm = { ...FORM, name: 'ROADM1', manufacturer_id: 3, site_id: 4, notes: 'moved' };

export const devicePages = (pact: PactOf): void => {
  const lists = (description: string, given: readonly Given[], query: Record<string, unknown>, filter: string) =>
    pact.exchange(
      description,
      {
        given,
        request: {
          method: 'GET',
          path: '/api/inventory/devices',
          query: { limit: '50', offset: '0', ...query },
          ...asked,
        },
        reply: { status: 200, body: { total: integer(1), items: eachLike(SHOWN) } },
      },
      async (url) => {
        const { total, items } = await new InventoryFrontend(url, 'kim').devices(filter);
        expect(total).to.equal(1);
        expect(items[0]).to.deep.include({ id: 5, type: '2 ROADM', manufacturer: 'Lumentum', site: 'Dublin Lab' });
      },
    );
  const MAINTAINED: readonly Given[] = [['there is a device', { status: 'in_maintenance' }], ADMIN];
  const tagged = { status: 'in_maintenance', tag_ids: told('tagId', '9') };

  it('lists devices', () => lists('the devices of the inventory', DEVICE, {}, ''));

  it('lists devices of a status, a tag, and with a text in them', async () => {
    await lists('devices of a status and a tag', MAINTAINED, tagged, '&status=in_maintenance&tag_ids=9');
    await lists(
      'devices of a status and a tag with a text',
      MAINTAINED,
      { ...tagged, search: 'roa' },
      '&status=in_maintenance&search=roa&tag_ids=9',
    );
  });

  it('turns to a page after the last', () =>
    pact.exchange(
      'the second page of devices',
      {
        given: DEVICE,
        request: { method: 'GET', path: '/api/inventory/devices', query: { limit: '50', offset: '50' }, ...asked },
        reply: { status: 200, body: { total: integer(1), items: [] } },
      },
      async (url) => {
        expect(await new InventoryFrontend(url, 'kim').devices('', 50)).to.deep.equal({ total: 1, items: [] });
      },
    ));

  it('shows one device', () =>
    pact.exchange(
      'one device',
      {
        given: DEVICE,
        request: { method: 'GET', path: toldPath('/api/inventory/devices/${deviceId}', { deviceId: 5 }), ...asked },
        reply: { status: 200, body: SHOWN },
      },
      async (url) => {
        const device = await new InventoryFrontend(url, 'kim').device(5);
        expect(device).to.deep.include({ oiId: 'OI-ROADM 1', place: ['D07', 1], patch: ['PA-1', null] });
      },
    ));

  it('shows dashes for what nobody has filled in', async () => {
    const given: readonly Given[] = ['there is a device of which nothing else is known', ADMIN];
    const blank = {
      ...{ oiId: null, manufacturer: '-', manufacturerId: null, site: '-', siteId: null, model: null, serial: null },
      ...{ place: [null, null], network: [null, null], patch: [null, null], group: null, notes: null, tags: [] },
    };
    await pact.exchange(
      'one device of which little is known',
      {
        given,
        request: { method: 'GET', path: toldPath('/api/inventory/devices/${deviceId}', { deviceId: 5 }), ...asked },
        reply: { status: 200, body: SHOWN_BLANK },
      },
      async (url) => {
        expect(await new InventoryFrontend(url, 'kim').device(5)).to.deep.include(blank);
      },
    );
    await pact.exchange(
      'the devices of the inventory of which little is known',
      {
        given,
        request: { method: 'GET', path: '/api/inventory/devices', query: { limit: '50', offset: '0' }, ...asked },
        reply: { status: 200, body: { total: integer(1), items: eachLike(SHOWN_BLANK) } },
      },
      async (url) => {
        expect((await new InventoryFrontend(url, 'kim').devices('')).items[0]).to.deep.include(blank);
      },
    );
  });

  it('adds a device', () =>
    pact.exchange(
      'add a device',
      {
        given: DEVICE,
        request: {
          ...{ method: 'POST', path: '/api/inventory/devices', as: 'kim' },
          body: { ...FORM, device_type_id: told('deviceTypeId', 2) },
        },
        reply: { status: 201, body: { id: integer(6) } },
      },
      async (url) => {
        expect(await new InventoryFrontend(url, 'kim').addDevice(FORM)).to.equal(6);
      },
    ));

  it('saves a device with all its fields', () =>
    pact.exchange(
      'save a device',
      {
        given: DEVICE,
        request: {
          ...{ method: 'PUT', path: toldPath('/api/inventory/devices/${deviceId}', { deviceId: 5 }), as: 'kim' },
          body: {
            ...EDITED,
            ...{ device_type_id: told('deviceTypeId', 2), manufacturer_id: told('manufacturerId', 3) },
            site_id: told('siteId', 4),
          },
        },
        reply: { status: 200, body: { id: integer(5) } },
      },
      async (url) => {
        expect(await new InventoryFrontend(url, 'kim').saveDevice(5, EDITED)).to.equal(5);
      },
    ));

  it('gives several devices another status', () =>
    pact.exchange(
      'change the status of devices',
      {
        given: MAINTAINED,
        request: {
          ...{ method: 'POST', path: '/api/inventory/devices/bulk-update', as: 'kim' },
          body: { device_ids: told('deviceIds', [5]), updates: { status: 'active' } },
        },
        reply: { status: 200, body: { succeeded: eachLike(integer(5)) } },
      },
      async (url) => {
        expect(await new InventoryFrontend(url, 'kim').setStatus([5], 'active')).to.deep.equal([5]);
      },
    ));

  it('shows what happened to a device', () =>
    pact.exchange(
      'the history of a device',
      {
        given: ['there is a device', ['a device was changed', { status: 'in_maintenance' }], ADMIN],
        request: {
          method: 'GET',
          path: toldPath('/api/inventory/devices/${deviceId}/history', { deviceId: 5 }),
          ...asked,
        },
        reply: {
          status: 200,
          // The latest first: its status was changed, before that it was made.
          body: [
            {
              ...{ id: integer(12), action: string('updated'), field_name: string('status'), notes: null },
              ...{ old_value: string('active'), new_value: string('in_maintenance'), metadata: null },
              created_at: instant('2026-11-23T09:00:00Z'),
            },
            {
              ...{ id: integer(11), action: string('created'), field_name: null, notes: null },
              ...{
                old_value: null,
                new_value: null,
                metadata: like({ after: like({}) }),
                created_at: instant('2026-11-23T09:00:00Z'),
              },
            },
          ],
        },
      },
      async (url) => {
        const [entry] = await new InventoryFrontend(url, 'kim').history(5);
        expect(entry).to.deep.include({ id: 12, change: ['status', 'active', 'in_maintenance'], more: null });
      },
    ));

  it('shows, adds and removes tags of a device', async () => {
    const path = toldPath('/api/inventory/devices/${deviceId}/tags', { deviceId: 5 });
    const reply = { status: 200, body: eachLike(NAMED('flexgrid')) };
    await pact.exchange(
      'the tags of a device',
      { given: DEVICE, request: { method: 'GET', path, ...asked }, reply },
      async (url) => {
        expect(await new InventoryFrontend(url, 'kim').tagsOf(5)).to.deep.equal([{ id: 2, name: 'flexgrid' }]);
      },
    );
    await pact.exchange(
      'add a tag to a device',
      {
        given: [...DEVICE, 'the catalogues have entries that nothing uses'],
        request: { method: 'POST', path, as: 'kim', body: { tag_ids: [told('tagId', 9)] } },
        reply,
      },
      async (url) => {
        expect(await new InventoryFrontend(url, 'kim').addTag(5, 9)).to.deep.equal([{ id: 2, name: 'flexgrid' }]);
      },
    );
    await pact.exchange(
      'remove a tag from a device',
      {
        given: DEVICE,
        request: {
          ...{ method: 'DELETE', ...asked },
          path: toldPath('/api/inventory/devices/${deviceId}/tags/${tagId}', { deviceId: 5, tagId: 9 }),
        },
        reply: { status: 204 },
      },
      (url) => new InventoryFrontend(url, 'kim').removeTag(5, 9),
    );
  });
};
