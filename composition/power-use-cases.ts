import { ContainerModule } from 'inversify';
import {
  CommandLedger,
  DriveLease,
  FollowBookings,
  HealthBulletin,
  KeepPdus,
  OrderPower,
  PowerAccess,
  PowerDesk,
  PowerSituation,
  ViewPower,
} from '../application/index.js';
import type { PowerSettings } from './config.js';
import { ports } from './tokens.js';

/** Everything about power; the desk drives PDUs only while somebody calls it. */
export const powerModule = ({ policy, lane }: PowerSettings) =>
  new ContainerModule(({ bind }) => {
    bind(PowerSituation)
      .toResolvedValue((view) => new PowerSituation(view, policy), [ports.power])
      .inSingletonScope();
    bind(PowerAccess)
      .toResolvedValue((situation) => new PowerAccess(situation), [PowerSituation])
      .inSingletonScope();
    bind(FollowBookings)
      .toResolvedValue(
        (view, work, situation, clock) => new FollowBookings(view, work, situation, clock),
        [ports.power, ports.work, PowerSituation, ports.clock],
      )
      .inSingletonScope();
    bind(CommandLedger)
      .toResolvedValue(
        (work, situation, clock) => new CommandLedger(work, situation, clock),
        [ports.work, PowerSituation, ports.clock],
      )
      .inSingletonScope();
    bind(DriveLease)
      .toResolvedValue(
        (leases, clock, ids) => new DriveLease(leases, clock, ids.next()),
        [ports.leases, ports.clock, ports.ids],
      )
      .inSingletonScope();
    bind(HealthBulletin)
      .toResolvedValue((view, health) => new HealthBulletin(view, health), [ports.power, ports.health])
      .inSingletonScope();
    bind(PowerDesk)
      .toResolvedValue(
        (links, vault, view, ledger, situation, lease, clock, pauses, work, follow, health, log) =>
          new PowerDesk(
            { links, vault, view, ledger, situation, lease, clock, pauses, settings: lane },
            ...([work, follow, health] as const),
            (error) => {
              log.error({ err: error }, 'driving power failed');
            },
          ),
        [
          ...([ports.pduLinks, ports.credentialVault, ports.power, CommandLedger, PowerSituation, DriveLease] as const),
          ...([ports.clock, ports.pauses, ports.work, FollowBookings, HealthBulletin, ports.log] as const),
        ],
      )
      .inSingletonScope();
    bind(OrderPower)
      .toResolvedValue(
        (view, work, situation, access, desk, clock, pauses) =>
          new OrderPower({ view, work, situation, access, desk }, clock, pauses),
        [
          ...([ports.power, ports.work, PowerSituation, PowerAccess, PowerDesk] as const),
          ...([ports.clock, ports.pauses] as const),
        ],
      )
      .inSingletonScope();
    bind(ViewPower)
      .toResolvedValue(
        (view, situation, access, orders, clock) => new ViewPower({ view, situation, access }, orders, clock),
        [ports.power, PowerSituation, PowerAccess, OrderPower, ports.clock],
      )
      .inSingletonScope();
    bind(KeepPdus)
      .toResolvedValue(
        (view, work, vault, links, clock) => new KeepPdus(view, work, vault, links, clock),
        [ports.power, ports.work, ports.credentialVault, ports.pduLinks, ports.clock],
      )
      .inSingletonScope();
  });
