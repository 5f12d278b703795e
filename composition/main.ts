import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '../adapters/http/serve.js';
import type { ServedPdu } from '../adapters/snmp/simulated/serve-simulated-pdu.js';
import type { Lab } from './compose.js';
import type { Config } from './config.js';
import { dataDirectoryOf, keptSessionSecret } from './data-directory.js';
import { ownJobs, sharedJobs, startJobs, startTelling, type JobReport } from './jobs.js';
import { configOrExit, exitOver, openLab } from './open-lab.js';
import { packageVersion } from './package-root.js';
import { startPower } from './power-loop.js';
import { showSimulatedPdu, SIMULATED_COMMUNITY, type SimulatedRack } from './simulated-rack.js';
import { seedExampleLab } from './seed-example-lab.js';
import { seedPdus } from './seed-pdus.js';

/** Of a Raritan, by PDU and outlet: 7 is on, 8 is off. */
const OUTLET_STATES = '1.3.6.1.4.1.13742.6.4.1.2.1.3';

const GRACE = 10_000;
const BETWEEN_CLOSINGS = 100;

const isEmbedded = (config: Config): boolean => config.env.DATABASE_URL.startsWith('sqlite:');

/** For people, on standard error: standard output carries log lines only. */
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const whereTheDataIs = ({ env }: Config): string => {
  if (env.DATABASE_URL === 'sqlite::memory:') return 'in memory, gone when the process ends';
  if (env.DATABASE_URL.startsWith('sqlite:')) return env.DATABASE_URL.slice('sqlite:'.length);
  const { host, pathname } = new URL(env.DATABASE_URL);
  return `database ${pathname.slice(1)} at ${host}`;
};

const welcome = (config: Config, url: string, token: string | null): void => {
  say(`\n${config.lab.name} is at ${url} (API documentation: ${url}/docs)`);
  say(`Data: ${whereTheDataIs(config)}`);
  if (token === null) return;
  say(`There is no administrator yet. Make the first one, once, within a day:

  PASSWORD=$(printf %s 'a good password' | sha256sum | cut -d' ' -f1)
  curl -c cookies.txt -H 'Content-Type: application/json' ${url}/admin/v2/invitations/accept \\
    -d '{"token":"${token}","username":"admin","password":"'$PASSWORD'","password2":"'$PASSWORD'"}'

The frontends send the SHA-256 of what is typed, and so this makes an account that can sign in there too.\n`);
};

/** Simulated PDUs can be looked at like others, with any SNMP client on this machine. */
const showSimulatedPdus = async (lab: Lab, rack: SimulatedRack): Promise<ServedPdu[]> => {
  const pdus = await lab.work.run(({ power }) => power.pdus());
  const shown: ServedPdu[] = [];
  for (const { name, host } of pdus.filter(({ driver }) => driver === 'simulated')) {
    const served = await showSimulatedPdu(rack.get(host));
    shown.push(served);
    say(`${name} is simulated: snmpwalk -v2c -c ${SIMULATED_COMMUNITY} 127.0.0.1:${served.port} ${OUTLET_STATES}`);
  }
  return shown;
};

const listen = (config: Config, lab: Lab): Promise<Server> =>
  new Promise((resolve, reject) => {
    const { env } = config;
    const app = lab.http({
      sessionSecret: env.SESSION_SECRET ?? keptSessionSecret(dataDirectoryOf(env.DATABASE_URL)),
      frontendOrigins: env.FRONTEND_ORIGINS ?? null,
      limited: env.RATE_LIMIT === 'on',
      trustProxy: env.TRUST_PROXY,
      version: packageVersion,
      metricsToken: env.METRICS_TOKEN ?? null,
    });
    const server = serve(app);
    server.once('error', reject);
    server.listen({ port: env.PORT, ...(env.HOST !== undefined && { host: env.HOST }) }, () => {
      resolve(server);
    });
  });

const urlOf = (server: Server, host: string | undefined): string => {
  const { port } = server.address() as AddressInfo;
  return `http://${host === undefined || host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`;
};

/** Lets running requests finish, at most for the grace period; connections are closed as soon as they are idle. */
const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const impatience = setTimeout(() => {
      server.closeAllConnections();
    }, GRACE);
    const closing = setInterval(() => {
      server.closeIdleConnections();
    }, BETWEEN_CLOSINGS);
    server.close(() => {
      clearTimeout(impatience);
      clearInterval(closing);
      resolve();
    });
  });

const main = async (): Promise<void> => {
  const config = configOrExit();
  const { lab, database, rack } = await openLab(config);
  if (isEmbedded(config) && config.env.SEED !== 'none' && (await seedExampleLab(lab))) {
    say('The database was empty: it now holds a small example lab (SEED=none leaves it empty).');
  }
  await lab.liveSettings.refresh();
  await seedPdus(lab, config.power.pdus).catch((error: unknown) =>
    exitOver('The PDUs of the configuration cannot be registered', error),
  );
  const shown = await showSimulatedPdus(lab, rack);
  const server = await listen(config, lab).catch((error: unknown) => exitOver('The server cannot listen', error));
  welcome(config, urlOf(server, config.env.HOST), await lab.inviteFirstAdmin.execute());

  const { log } = lab.httpParts;
  const { meters } = lab;
  meters.watchProcess();
  const jobReport: JobReport = {
    done: (job) => meters.job(job, 'done'),
    failed: (job, error) => {
      meters.job(job, 'failed');
      log.error({ job, err: error }, 'job failed');
    },
  };
  const holder = randomUUID();
  const stopJobs = startJobs([...sharedJobs(lab, holder), ...ownJobs(lab)], jobReport);
  const stopTelling = startTelling(lab, holder, jobReport);
  const stopPower = startPower(lab.powerDesk, (error) => {
    jobReport.failed('drive-power', error);
  });

  let leaving = false;
  const leave = (signal: string): void => {
    if (leaving) return;
    leaving = true;
    log.info({ signal }, 'stopping');
    // Streams never end by themselves.
    lab.liveFeed.close();
    Promise.all([stop(server), stopJobs(), stopTelling(), stopPower()])
      .then(() => {
        for (const pdu of shown) pdu.close();
        return database.close();
      })
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'stopping failed');
          process.exit(1);
        },
      );
  };
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);
};

await main();
