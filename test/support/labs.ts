import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Express } from 'express';
import type { ContainerModule } from 'inversify';
import { defaultLaneSettings, type Clock, type IdSource, type Pauses } from '../../application/index.js';
import { cryptography, logging, randomIds, system } from '../../composition/adapters.js';
import { compose, type Lab } from '../../composition/compose.js';
import { loadConfig, type Config } from '../../composition/config.js';
import { defaultBookingPolicy, defaultPowerPolicy } from '../../domain/index.js';
import { serve } from '../../adapters/http/serve.js';
import type { HttpSettings } from '../../adapters/http/server.js';
import { ManualClock } from './manual-clock.js';
import { everyStore, type BareStore, type Open } from './stores.js';

export type LabConfig = Pick<Config, 'lab' | 'booking' | 'approval' | 'inventory' | 'power' | 'notifications' | 'env'>;

const usual = loadConfig({ LOG_LEVEL: 'silent' });

/** As a lab is without a config.yaml. */
export const usualConfig: LabConfig = {
  lab: { name: 'Test Lab', timezone: 'Europe/Dublin' },
  booking: defaultBookingPolicy,
  approval: { mode: 'manual', allowSelf: 'admins', deviceTypes: {}, roles: {} },
  power: { policy: defaultPowerPolicy, lane: defaultLaneSettings, credentials: null, pdus: [] },
  inventory: usual.inventory,
  notifications: usual.notifications,
  env: usual.env,
};

export const usualHttpSettings: HttpSettings = {
  sessionSecret: 'a secret that only tests know',
  frontendOrigins: null,
  limited: false,
  trustProxy: false,
  version: '0.0.0-test',
  metricsToken: null,
};

export interface LabOptions {
  /** A ManualClock on a Monday morning unless given. */
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly pauses?: Pauses;
  /** SNMP unless given. */
  readonly hardware?: ContainerModule;
  /** Cheap bcrypt unless given. */
  readonly cryptography?: ContainerModule;
  /** Files are forgotten with the lab unless given. */
  readonly files?: ContainerModule;
  /** Nobody outside is told unless given. */
  readonly notifiers?: ContainerModule;
  readonly config?: Partial<LabConfig>;
  readonly http?: Partial<HttpSettings>;
}

/** A composed lab with its routes. */
export interface OpenLab {
  readonly lab: Lab;
  readonly app: Express;
  /** The app on a port of its own: several requests at once need it, one after the other can do with `app`. */
  readonly server: Server;
  readonly store: BareStore;
  close(): Promise<void>;
}

export type OpenLabIn = (options?: LabOptions) => Promise<OpenLab>;

/** Composes a lab over a store that is open. Closing it closes the store. */
export const labOver = async <Store extends Pick<BareStore, 'persistence' | 'close'>>(
  store: Store,
  options: LabOptions = {},
): Promise<Omit<OpenLab, 'store'> & { readonly store: Store }> => {
  const lab = compose(
    { ...usualConfig, ...options.config },
    {
      persistence: store.persistence,
      system: system(options.clock ?? new ManualClock(), options.ids ?? randomIds, options.pauses),
      ...(options.hardware && { hardware: options.hardware }),
      cryptography: options.cryptography ?? cryptography(4),
      logging: logging('silent'),
      ...(options.files && { files: options.files }),
      ...(options.notifiers && { notifiers: options.notifiers }),
    },
  );
  let closed = false;
  const app = lab.http({ ...usualHttpSettings, ...options.http });
  const server = serve(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    lab,
    app,
    server,
    store,
    close: async () => {
      if (closed) return;
      closed = true;
      if (server.listening) {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      }
      await lab.powerDesk.close();
      await store.close();
    },
  };
};

/** How a suite opens labs in `open`'s stores; they are closed before their store is. */
export const labsIn =
  (open: Open): OpenLabIn =>
  async (options) => {
    const lab = await labOver(await open(), options);
    lab.store.beforeClosing(lab.close);
    return lab;
  };

/**
 * The suite once for each kind of store, with whole labs.
 *
 *     forEveryStore('the week', (openLab) => {
 *       it('begins empty', async () => {
 *         const { app } = await openLab();
 *         await (await signedIn(app, 'ada')).get('/bookings/for-week?start=2026-11-23').expect(200, []);
 *       });
 *     });
 */
export const forEveryStore = (title: string, body: (openLab: OpenLabIn) => void): void => {
  everyStore(title, (open) => {
    body(labsIn(open));
  });
};
