import { z } from 'zod';
import {
  unknownEntry,
  type CatalogueListings,
  type CatalogueName,
  type Dated,
  type EditCatalogues,
} from '../../../application/inventory/index.js';
import {
  DEVICE_CATEGORIES,
  isColor,
  isoOf,
  type DeviceType,
  type Manufacturer,
  type Site,
} from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { idInPath, isoText, name, optionalText } from '../shared/fields.js';
import { present } from './asset-body.js';
import { TagReply, tagReply } from './asset-replies.js';
import { CancelBookings } from './asset-routes.js';

export interface CatalogueUseCases {
  readonly catalogues: CatalogueListings;
  readonly editCatalogues: EditCatalogues;
}

const LONGEST_NOTES = 10_000;
const notes = optionalText(LONGEST_NOTES).optional();

const DeviceTypeReply = z
  .object({
    id: z.int(),
    name: z.string(),
    category: z.enum(DEVICE_CATEGORIES),
    description: z.string().nullable(),
    is_schedulable: z.boolean(),
    has_ports: z.boolean(),
    created_at: isoText,
    updated_at: isoText,
  })
  .openapi('DeviceType');

const deviceTypeReply = (type: Dated<DeviceType>): z.input<typeof DeviceTypeReply> => ({
  id: type.id,
  name: type.name,
  category: type.category,
  description: type.description,
  is_schedulable: type.schedulable,
  has_ports: type.hasPorts,
  created_at: isoOf(type.createdAt),
  updated_at: isoOf(type.updatedAt),
});

const category = z
  .string()
  .max(20)
  .transform((word) => word.trim().toUpperCase())
  .pipe(z.enum(DEVICE_CATEGORIES));

const NewDeviceTypeBody = z.object({
  name: name(100),
  category,
  description: notes,
  is_schedulable: z.boolean().optional(),
  has_ports: z.boolean().optional(),
});
const DeviceTypeBody = NewDeviceTypeBody.partial();

const typeFormOf = (body: z.output<typeof DeviceTypeBody>) =>
  present({
    name: body.name,
    category: body.category,
    description: body.description,
    schedulable: body.is_schedulable,
    hasPorts: body.has_ports,
  });

const ManufacturerReply = z
  .object({
    id: z.int(),
    name: z.string(),
    website: z.string().nullable(),
    notes: z.string().nullable(),
    created_at: isoText,
    updated_at: isoText,
  })
  .openapi('Manufacturer');

const manufacturerReply = (entry: Dated<Manufacturer>): z.input<typeof ManufacturerReply> => ({
  id: entry.id,
  name: entry.name,
  website: entry.website,
  notes: entry.notes,
  created_at: isoOf(entry.createdAt),
  updated_at: isoOf(entry.updatedAt),
});

const isWebsite = (value: string | null): boolean =>
  value === null || (/^https?:\/\//i.test(value) && URL.canParse(value));

const NewManufacturerBody = z.object({
  name: name(100),
  website: optionalText(500).refine(isWebsite, 'is not an http or https address').optional(),
  notes,
});

const SiteReply = z
  .object({
    id: z.int(),
    name: z.string(),
    address: z.string().nullable(),
    notes: z.string().nullable(),
    created_at: isoText,
    updated_at: isoText,
  })
  .openapi('Site');

const siteReply = (entry: Dated<Site>): z.input<typeof SiteReply> => ({
  id: entry.id,
  name: entry.name,
  address: entry.address,
  notes: entry.notes,
  created_at: isoOf(entry.createdAt),
  updated_at: isoOf(entry.updatedAt),
});

const NewSiteBody = z.object({ name: name(100), address: optionalText(1000).optional(), notes });

const NewTagBody = z.object({
  // A file writes the tags of a device with semicolons between them.
  name: name(100).refine((value) => !value.includes(';'), 'must not contain a semicolon'),
  description: notes,
  color: optionalText(20)
    .refine((value) => value === null || isColor(value), 'is not a colour: write #RGB or #RRGGBB')
    .optional(),
});

const oneEntry = z.object({ id: idInPath });
const tag = 'Inventory catalogues';

/** How one catalogue is spoken of over HTTP. */
interface Spoken<Entry, New extends z.ZodObject, Change extends z.ZodObject, Reply extends z.ZodType> {
  readonly path: string;
  /** One of it, in words. */
  readonly one: string;
  readonly of: CatalogueName;
  readonly newBody: New;
  readonly body: Change;
  readonly schema: Reply;
  readonly query?: z.ZodObject;
  reply(entry: Entry): z.input<Reply>;
  all(): Promise<Entry[]>;
  add(caller: Caller, body: z.output<New>): Promise<Entry>;
  change(caller: Caller, id: number, body: z.output<Change>, cancelBookings: boolean): Promise<Entry>;
}

type Caller = Parameters<EditCatalogues['remove']>[0];

const routesOf = <
  Entry extends { readonly id: number },
  New extends z.ZodObject,
  Change extends z.ZodObject,
  Reply extends z.ZodType,
>(
  api: Api,
  catalogue: Spoken<Entry, New, Change, Reply>,
  remove: EditCatalogues['remove'],
): void => {
  const { path, one, of, schema, query } = catalogue;
  api
    .signedIn({
      method: 'get',
      paths: [`/api/inventory/${path}`],
      tag,
      summary: `Every ${one}`,
      reply: { status: 200, schema: z.array(schema), description: 'All of them, by name' },
      handle: async () => (await catalogue.all()).map((entry) => catalogue.reply(entry)),
    })
    .signedIn({
      method: 'post',
      paths: [`/api/inventory/${path}`],
      tag,
      summary: `Add a ${one}; names are unique in any letter case`,
      body: catalogue.newBody,
      refusals: [400, 403],
      reply: { status: 201, schema, description: 'It is there' },
      handle: async ({ body }, { caller }) => catalogue.reply(await catalogue.add(caller, body)),
    })
    .signedIn({
      method: 'get',
      paths: [`/api/inventory/${path}/{id}`],
      tag,
      summary: `One ${one}`,
      params: oneEntry,
      refusals: [404],
      reply: { status: 200, schema, description: 'As it is now' },
      handle: async ({ params }) => {
        const entry = (await catalogue.all()).find(({ id }) => id === params.id);
        if (!entry) throw unknownEntry(of, params.id);
        return catalogue.reply(entry);
      },
    })
    .signedIn({
      method: 'put',
      paths: [`/api/inventory/${path}/{id}`],
      tag,
      summary: `Change a ${one}; what is left out stays as it is`,
      params: oneEntry,
      ...(query && { query }),
      body: catalogue.body,
      refusals: query ? [400, 403, 404, 409] : [400, 403, 404],
      reply: { status: 200, schema, description: 'As it is now' },
      handle: async ({ params, query: asked, body }, { caller }) => {
        const cancelBookings = (asked as { cancel_bookings?: string }).cancel_bookings === 'true';
        return catalogue.reply(await catalogue.change(caller, params.id, body, cancelBookings));
      },
    })
    .signedIn({
      method: 'delete',
      paths: [`/api/inventory/${path}/{id}`],
      tag,
      summary: `Remove a ${one} that nothing uses`,
      params: oneEntry,
      refusals: [400, 403, 404],
      reply: { status: 204, schema: z.void(), description: 'It is gone' },
      handle: async ({ params }, { caller }) => {
        await remove(caller, of, params.id);
      },
    });
};

/** Device types, manufacturers, sites and tags. */
export const catalogueRoutes = (api: Api, { catalogues, editCatalogues: edit }: CatalogueUseCases): Api => {
  const remove: EditCatalogues['remove'] = (caller, of, id) => edit.remove(caller, of, id);
  routesOf(
    api,
    {
      ...{ path: 'device-types', one: 'device type', of: 'deviceTypes', query: CancelBookings },
      ...{ newBody: NewDeviceTypeBody, body: DeviceTypeBody, schema: DeviceTypeReply, reply: deviceTypeReply },
      all: () => catalogues.deviceTypes(),
      add: (caller, body) => edit.addType(caller, { ...typeFormOf(body), name: body.name, category: body.category }),
      change: (caller, id, body, cancelBookings) => edit.changeType(caller, id, typeFormOf(body), cancelBookings),
    },
    remove,
  );
  routesOf(
    api,
    {
      ...{ path: 'manufacturers', one: 'manufacturer', of: 'manufacturers' },
      ...{ newBody: NewManufacturerBody, body: NewManufacturerBody.partial(), schema: ManufacturerReply },
      reply: manufacturerReply,
      all: () => catalogues.manufacturers(),
      add: (caller, body) => edit.addManufacturer(caller, { ...present(body), name: body.name }),
      change: (caller, id, body) => edit.changeManufacturer(caller, id, present(body)),
    },
    remove,
  );
  routesOf(
    api,
    {
      ...{ path: 'sites', one: 'site', of: 'sites' },
      ...{ newBody: NewSiteBody, body: NewSiteBody.partial(), schema: SiteReply, reply: siteReply },
      all: () => catalogues.sites(),
      add: (caller, body) => edit.addSite(caller, { ...present(body), name: body.name }),
      change: (caller, id, body) => edit.changeSite(caller, id, present(body)),
    },
    remove,
  );
  routesOf(
    api,
    {
      ...{ path: 'tags', one: 'tag', of: 'tags' },
      ...{ newBody: NewTagBody, body: NewTagBody.partial(), schema: TagReply, reply: tagReply },
      all: () => catalogues.tags(),
      add: (caller, body) => edit.addTag(caller, { ...present(body), name: body.name }),
      change: (caller, id, body) => edit.changeTag(caller, id, present(body)),
    },
    remove,
  );
  return api;
};
