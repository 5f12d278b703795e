import { z } from 'zod';
import { DEVICE_STATUSES } from '../../../domain/index.js';
import { aDevice } from '../../support/devices.js';
import { providerState, type ProviderState } from './provider-state.js';

export const thereIsADevice: ProviderState = providerState({
  name: 'there is a device',
  meaning: 'The inventory has a device, of which everything is known that is not set to the empty text.',
  parameters: z.object({
    name: z.string().default('ROADM 1').describe('by which other states call it'),
    type: z.string().default('ROADM').describe('made where it is not known; people can book devices of it'),
    status: z.enum(DEVICE_STATUSES).default('active').describe('in the words of the inventory'),
    ip_address: z.string().default('192.0.2.1').describe('of its management'),
    polatis_name: z.string().default('PA-1').describe('its label at the patch switch'),
    manufacturer: z.string().default('Lumentum').describe('made where it is not known'),
    site: z.string().default('Dublin Lab').describe('made where it is not known'),
    tag: z.string().default('flexgrid').describe('made where it is not known'),
    ports: z.string().default('L1:line').describe('its own ports, `name:kind`, with `;` between them'),
    ingress: z.string().default('1').describe('its ingress number at the patch switch'),
    egress: z.string().default('33').describe('its egress number at the patch switch'),
  }),
  tells: ['deviceId', 'deviceIds', 'deviceTypeId', 'manufacturerId', 'siteId', 'tagId'],
  prepare: async (stage, { name, type, ip_address, tag, ingress, egress, ...plain }) => {
    const deviceId = await aDevice(stage.lab, {
      ...plain,
      ...{ name, device_type: type, mgmt_ip: ip_address, tags: tag, in_port: ingress, out_port: egress },
      ...{ oi_id: `OI-${name}`, model: 'M-1', serial_number: `S-${name}`, rack: 'D07', u_position: '1' },
      ...{ hostname: 'device.lab.example', owner_group: 'Photonics', notes: 'On loan.' },
    });
    stage.place(name, deviceId);
    const asset = await stage.useCases.viewAssets.one(deviceId);
    return {
      ...{ deviceId, deviceIds: [deviceId], deviceTypeId: asset.type.id },
      ...(asset.manufacturer && { manufacturerId: asset.manufacturer.id }),
      ...(asset.site && { siteId: asset.site.id }),
      ...(asset.tags[0] && { tagId: asset.tags[0].id }),
    };
  },
});

export const thereIsADeviceSavedBlank: ProviderState = providerState({
  name: 'there is a device of which nothing else is known',
  meaning:
    'An administrator saved the form of the inventory with a name, a type and a status, and left the rest blank: every other field is null, and it has no ports and no tags.',
  parameters: z.object({
    name: z.string().default('ROADM 1').describe('by which other states call it'),
    type: z
      .string()
      .default('Bare')
      .describe('made anew, so another one for each such device; people can book devices of it'),
    status: z.enum(DEVICE_STATUSES).default('active').describe('in the words of the inventory'),
  }),
  tells: ['deviceId', 'deviceIds', 'deviceTypeId'],
  prepare: async (stage, { name, type, status }) => {
    const root = await stage.root();
    const { editCatalogues, editAssets } = stage.useCases;
    const { id: typeId } = await editCatalogues.addType(root, { name: type, description: null, category: 'OPTICAL' });
    const deviceId = await editAssets.add(root, {
      ...{ name, typeId, status, manufacturerId: null, model: null, serialNumber: null, siteId: null, rack: null },
      ...{ uPosition: null, hostname: null, managementIp: null, polatisName: null, polatisPortRange: null },
      ...{ ownerGroup: null, notes: null },
    });
    stage.place(name, deviceId);
    return { deviceId, deviceIds: [deviceId], deviceTypeId: typeId };
  },
});

export const theCataloguesHaveSpareEntries: ProviderState = providerState({
  name: 'the catalogues have entries that nothing uses',
  meaning: 'There is a device type, a manufacturer, a site and a tag of one name that no device has.',
  parameters: z.object({ name: z.string().default('Spare').describe('of all four') }),
  tells: ['deviceTypeId', 'manufacturerId', 'siteId', 'tagId'],
  prepare: async (stage, { name }) => {
    const root = await stage.root();
    const { editCatalogues } = stage.useCases;
    const about = { name, description: 'Nothing has it.' };
    return {
      deviceTypeId: (await editCatalogues.addType(root, { ...about, category: 'OPTICAL' })).id,
      manufacturerId: (
        await editCatalogues.addManufacturer(root, { name, website: 'https://maker.example', notes: 'n' })
      ).id,
      siteId: (await editCatalogues.addSite(root, { name, address: '1 Main Street', notes: 'n' })).id,
      tagId: (await editCatalogues.addTag(root, { ...about, color: '#FF5722' })).id,
    };
  },
});

export const aDeviceIsUnderMaintenance: ProviderState = providerState({
  name: 'a device is to be maintained',
  meaning: 'A device cannot be booked on some days, as the old admin page writes it.',
  parameters: z.object({
    device: z.string().default('ROADM 1').describe('its name'),
    from: z.iso.date().default('2026-12-02').describe('the first day, in lab time'),
    to: z.iso.date().default('2026-12-03').describe('the last day, in lab time'),
  }),
  tells: ['deviceId'],
  prepare: async (stage, { device, from, to }) => {
    const deviceId = stage.device(device);
    await stage.useCases.editAssets.change(await stage.root(), deviceId, {
      maintenanceStart: `All Day/${from}`,
      maintenanceEnd: `All Day/${to}`,
    });
    return { deviceId };
  },
});

export const aDeviceWasChanged: ProviderState = providerState({
  name: 'a device was changed',
  meaning: 'An administrator gave a device another status.',
  parameters: z.object({
    device: z.string().default('ROADM 1').describe('its name'),
    status: z.enum(DEVICE_STATUSES).default('in_maintenance').describe('in the words of the inventory'),
  }),
  tells: ['deviceId'],
  prepare: async (stage, { device, status }) => {
    const deviceId = stage.device(device);
    await stage.useCases.editAssets.change(await stage.root(), deviceId, { status });
    return { deviceId };
  },
});

export const twoDevicesAreWired: ProviderState = providerState({
  name: 'two devices are wired',
  meaning: 'A duplex fibre runs from a port of one device to a port of another.',
  parameters: z.object({
    from: z.string().default('ROADM 1').describe('name of a device'),
    from_port: z.string().default('L1').describe('one of its ports'),
    to: z.string().default('ILA 1').describe('name of a device'),
    to_port: z.string().default('L1').describe('one of its ports'),
  }),
  tells: ['linkId'],
  prepare: async (stage, { from, from_port, to, to_port }) => {
    const end = (device: string, port: string) => ({
      ...{ deviceId: stage.device(device), port, inPort: null, outPort: null },
    });
    const link = await stage.useCases.keepLinks.add(await stage.root(), {
      ...{ label: null, kind: 'direct', direction: 'both', strands: 2 },
      ...{ a: end(from, from_port), b: end(to, to_port) },
      ...{ lengthKm: 0.01, lossDb: 0.5, fiberType: null, notes: null },
    });
    return { linkId: link.id };
  },
});

export const aDeviceWasHeardOf: ProviderState = providerState({
  name: 'a device was heard of',
  meaning: 'An administrator, or a script of theirs, reported how a device is.',
  parameters: z.object({
    device: z.string().default('ROADM 1').describe('its name'),
    status: z.string().default('ok').describe('how it is'),
  }),
  tells: ['deviceId'],
  prepare: async (stage, { device, status }) => {
    const deviceId = stage.device(device);
    const report = { deviceId, status, metrics: { temperature_c: 41 } };
    await stage.useCases.reportHealth.execute(await stage.root(), report);
    return { deviceId };
  },
});
