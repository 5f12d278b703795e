import { assertHeard, assertMay, isNews, type Actor, type HealthSnapshot } from '../../domain/index.js';
import { claimRow, unknownDevice, type InventoryStores } from '../inventory/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock, UnitOfWork } from '../shared/ports.js';
import type { AdministrationStores } from './ports.js';

/** What is reported; a heartbeat that is left out was just heard. */
export type HealthReport = Pick<HealthSnapshot, 'deviceId' | 'status' | 'metrics'> &
  Partial<Pick<HealthSnapshot, 'heartbeatAt'>>;

/** A transaction about how a device is. */
export type HealthReportWork = UnitOfWork<AdministrationStores & Pick<InventoryStores, 'devices' | 'audit'>>;

/** Writes down how a device is. */
export class ReportHealth {
  readonly #work: HealthReportWork;
  readonly #clock: Clock;

  constructor(work: HealthReportWork, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
  }

  /**
   * @returns what is known of the device from then on. The audit trail has it only when the status is another one:
   * devices are heard of all the time.
   * @throws DomainError `device.not-found`, `health.ahead`.
   */
  execute(actor: Actor, { deviceId, status, metrics, heartbeatAt }: HealthReport): Promise<HealthSnapshot> {
    assertMay(actor, 'devices:write');
    return this.#work.run(async ({ devices, deviceHealth, audit }) => {
      const now = this.#clock.now();
      const report = { deviceId, status, metrics, heartbeatAt: heartbeatAt ?? now, reportedAt: now };
      assertHeard(report);
      const found = await devices.find(deviceId);
      const device = found && (await claimRow(found, null, devices));
      if (!device) throw unknownDevice(deviceId);
      const known = (await deviceHealth.read([deviceId])).get(deviceId) ?? null;
      if (known && !isNews(report, known)) return known;
      await deviceHealth.report(report);
      if (known?.status !== status) {
        await audit.append({
          at: now,
          actor: auditActorOf(actor),
          action: 'device.health-changed',
          entityType: 'device',
          entityId: String(deviceId),
          entityLabel: device.name,
          message: `${actor.username} reported that ${device.name} is ${status}`,
          metadata: { before: known?.status ?? null, after: status, heartbeatAt: report.heartbeatAt },
        });
      }
      return report;
    });
  }
}
