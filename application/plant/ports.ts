import type { DeviceStatus, Instant, Link, LinkFacts } from '../../domain/index.js';
import type { DeviceRepository } from '../inventory/ports.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';

/** What the plant knows of one inventory row. */
export interface PlantRow {
  readonly id: number;
  /** The device that the row belongs to: the lowest row of its type and name. */
  readonly thingId: number;
  readonly oiId: string | null;
  readonly type: string;
  readonly name: string;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly site: string | null;
  readonly status: DeviceStatus;
  readonly schedulable: boolean;
  /** `name:kind` as declared. */
  readonly ports: readonly string[];
  readonly tags: readonly string[];
}

/** The lab as it is wired, as last committed. */
export interface PlantReader {
  /** By id. */
  rows(): Promise<PlantRow[]>;
  /** By id. */
  links(): Promise<Link[]>;
}

/** Links inside a unit of work. Who changes one claims the things at its ends first. */
export interface LinkRepository {
  find(id: number): Promise<Link | null>;
  /** Links with an end on any of these inventory rows, by id. */
  ofRows(rowIds: readonly number[]): Promise<Link[]>;
  /** By id; numbers of no link are left out. */
  labelled(labels: readonly string[]): Promise<Link[]>;
  /** @throws DomainError `link.duplicate` when another link has the label. */
  add(facts: LinkFacts, at: Instant): Promise<Link>;
  /** @throws DomainError `link.duplicate`. */
  update(id: number, facts: LinkFacts, at: Instant): Promise<void>;
  remove(id: number): Promise<void>;
}

export interface PlantStores {
  readonly links: LinkRepository;
  readonly devices: DeviceRepository;
  readonly audit: AuditTrail;
}

export type PlantWork = UnitOfWork<PlantStores>;
