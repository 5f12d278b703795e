import { expect } from 'chai';
import { boolean, eachLike, integer, oneOf, regex, string, toldPath } from '../matching.js';
import { Refused } from '../json-api.js';
import type { Given, PactOf } from '../pact-of.js';
import { InventoryFrontend, type CatalogueName } from './inventory-frontend.js';

const ADMIN = ['somebody is signed in', { username: 'kim', role: 'Admin' }] as const;
const SPARE: readonly Given[] = ['the catalogues have entries that nothing uses', ADMIN];
const asked = { as: 'kim', headers: { 'Content-Type': 'application/json' } };
const named = { id: integer(2), name: string('Spare') };

const IDS: Readonly<Record<CatalogueName, string>> = {
  'device-types': 'deviceTypeId',
  manufacturers: 'manufacturerId',
  sites: 'siteId',
  tags: 'tagId',
};

export const cataloguePages = (pact: PactOf): void => {
  const lists = (catalogue: CatalogueName, entry: object, look: (ui: InventoryFrontend) => Promise<unknown>) =>
    pact.exchange(
      `the ${catalogue}`,
      {
        given: SPARE,
        request: { method: 'GET', path: `/api/inventory/${catalogue}`, ...asked },
        reply: { status: 200, body: eachLike({ ...named, ...entry }) },
      },
      async (url) => {
        await look(new InventoryFrontend(url, 'kim'));
      },
    );

  it('lists the catalogues, each as a plain array', async () => {
    const type = {
      ...{ category: oneOf('OPTICAL', 'COMPUTE', 'STORAGE', 'INFRA'), description: string('Nothing has it.') },
      ...{ is_schedulable: boolean(true), has_ports: boolean(true) },
    };
    await lists('device-types', type, async (ui) => {
      expect((await ui.deviceTypes())[0]).to.deep.include({ id: 2, category: 'OPTICAL', flags: [true, true] });
    });
    const maker = { website: regex('^https?://.+', 'https://maker.example'), notes: string('n') };
    await lists('manufacturers', maker, async (ui) => {
      expect((await ui.manufacturers())[0]).to.include({ website: 'https://maker.example', notes: 'n' });
    });
    await lists('sites', { address: string('1 Main Street'), notes: string('n') }, async (ui) => {
      expect((await ui.sites())[0]).to.include({ name: 'Spare', address: '1 Main Street', notes: 'n' });
    });
    const color = regex(/^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$/, '#FF5722');
    await lists('tags', { color, description: string('Nothing has it.') }, async (ui) => {
      expect((await ui.tags())[0]).to.include({ color: '#FF5722', description: 'Nothing has it.' });
    });
  });

  const adds = (catalogue: CatalogueName, form: object) => {
    it(`adds to the ${catalogue}`, () =>
      pact.exchange(
        `add to the ${catalogue}`,
        {
          given: [ADMIN],
          request: { method: 'POST', path: `/api/inventory/${catalogue}`, as: 'kim', body: form },
          reply: { status: 201, body: { id: integer(2) } },
        },
        async (url) => {
          expect(await new InventoryFrontend(url, 'kim').addEntry(catalogue, form)).to.equal(2);
        },
      ));
  };
  adds('device-types', {
    ...{ name: 'WSS', category: 'OPTICAL', description: null, is_schedulable: false, has_ports: false },
  });
  adds('manufacturers', { name: 'Viavi', website: 'https://www.viavisolutions.com', notes: null });
  adds('sites', { name: 'Cork', address: '1 Main Street', notes: null });
  adds('tags', { name: 'loan', description: 'lent out', color: '#FF5722' });

  const saves = (catalogue: CatalogueName, form: object) => {
    it(`changes and removes what nothing uses of the ${catalogue}`, async () => {
      const path = toldPath(`/api/inventory/${catalogue}/\${${IDS[catalogue]}}`, { [IDS[catalogue]]: 2 });
      await pact.exchange(
        `change one of the ${catalogue}`,
        {
          given: SPARE,
          request: { method: 'PUT', path, as: 'kim', body: form },
          reply: { status: 200, body: { id: integer(2) } },
        },
        async (url) => {
          expect(await new InventoryFrontend(url, 'kim').saveEntry(catalogue, 2, form)).to.equal(2);
        },
      );
      await pact.exchange(
        `remove one of the ${catalogue}`,
        { given: SPARE, request: { method: 'DELETE', path, ...asked }, reply: { status: 204 } },
        (url) => new InventoryFrontend(url, 'kim').removeEntry(catalogue, 2),
      );
    });
  };
  saves('device-types', {
    ...{ name: 'renamed', category: 'OPTICAL', description: null, is_schedulable: true, has_ports: true },
  });
  saves('manufacturers', { name: 'renamed', website: null, notes: null });
  saves('sites', { name: 'renamed', address: null, notes: null });
  saves('tags', { name: 'renamed', description: null, color: '#FF5722' });

  it('shows why a name cannot be added twice, and why what is used stays', async () => {
    const refusal = (detail: string) => ({
      ...{ status: 400, headers: { 'Content-Type': 'application/problem+json' }, body: { detail: string(detail) } },
    });
    const isRefused = async (trying: Promise<unknown>, detail: string) => {
      const refused: unknown = await trying.catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(Refused).with.property('message', detail);
    };
    const form = { name: 'Spare', address: null, notes: null };
    await pact.exchange(
      'add a site that is there',
      {
        given: SPARE,
        request: { method: 'POST', path: '/api/inventory/sites', as: 'kim', body: form },
        reply: refusal('Site with this name already exists'),
      },
      (url) =>
        isRefused(new InventoryFrontend(url, 'kim').addEntry('sites', form), 'Site with this name already exists'),
    );
    await pact.exchange(
      'remove a site that devices are at',
      {
        given: ['there is a device', ADMIN],
        request: { method: 'DELETE', path: toldPath('/api/inventory/sites/${siteId}', { siteId: 2 }), ...asked },
        reply: refusal('Cannot delete site: it is in use by devices.'),
      },
      (url) =>
        isRefused(
          new InventoryFrontend(url, 'kim').removeEntry('sites', 2),
          'Cannot delete site: it is in use by devices.',
        ),
    );
  });
};
