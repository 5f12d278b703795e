import { invalid } from '../shared/index.js';
import {
  LINK_KINDS,
  type FirmwareRange,
  type LinkKind,
  type LogicalEdge,
  type LogicalNode,
  type LogicalTopology,
  type Quantity,
  type Wants,
} from './logical-topology.js';
import { readQuantity } from './quantity.js';

/** More than any lab can want, and what a request may cost. */
export const MOST_NODES = 200;

/** Edges that a drawing may have. */
export const MOST_EDGES = 400;
const LONGEST_ID = 100;
const LONGEST_TEXT = 200;
const MOST_PORTS = 10_000;
const MOST_STRANDS = 16;

/** One thing that is wrong with a drawing. */
export interface DrawingMistake {
  /** `nodes[2].requirements.ports` */
  readonly path: string;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** Reads values and remembers what cannot be read, so that all mistakes are told at once. */
class Reader {
  readonly mistakes: DrawingMistake[] = [];

  wrong(path: string, message: string): null {
    this.mistakes.push({ path, message });
    return null;
  }

  text(path: string, value: unknown, longest = LONGEST_TEXT): string | null {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || text.trim() === '') return this.wrong(path, 'must be a text that is not empty');
    if (text.length > longest) return this.wrong(path, `must have at most ${longest} characters`);
    return text.trim();
  }

  quantity(path: string, value: unknown): Quantity | null {
    const read =
      typeof value === 'number' ? { value, unit: '' } : typeof value === 'string' ? readQuantity(value) : null;
    if (read && Number.isFinite(read.value)) return read;
    return this.wrong(path, 'must be a number, with a unit if you like, such as 10km');
  }

  /** A number in that unit; one without a unit counts as being in it. */
  measure(path: string, value: unknown, unit: string): number | null {
    const read = this.quantity(path, value);
    if (!read) return null;
    if (read.unit !== '' && read.unit !== unit) return this.wrong(path, `must be in ${unit}`);
    return read.value < 0 ? this.wrong(path, 'must not be negative') : read.value;
  }

  count(path: string, value: unknown, least: number, most: number): number | null {
    const read = this.quantity(path, value);
    if (!read) return null;
    const isCount = read.unit === '' && Number.isInteger(read.value) && read.value >= least && read.value <= most;
    return isCount ? read.value : this.wrong(path, `must be a whole number from ${least} to ${most}`);
  }

  texts(path: string, value: unknown): string[] | null {
    const items = typeof value === 'string' ? value.split(/[;,]/).filter((item) => item.trim() !== '') : value;
    if (!Array.isArray(items) || items.length > 50) return this.wrong(path, 'must be a list of at most 50 texts');
    const read = items.map((item: unknown, at) => this.text(`${path}[${at}]`, item));
    return read.every((item) => item !== null) ? read : null;
  }
}

/** Fields that only the drawing page needs. */
const NOT_WANTED = new Set(['devicename', 'label', 'notes', 'description', 'color', 'icon', 'status']);

const NAMES: Readonly<Record<string, 'vendor' | 'model' | 'site' | 'portKind'>> = {
  vendor: 'vendor',
  manufacturer: 'vendor',
  model: 'model',
  site: 'site',
  location: 'site',
  portkind: 'portKind',
};

const TAGS: Readonly<Record<string, 'tagsAll' | 'tagsAny' | 'tagsNone'>> = {
  tags: 'tagsAll',
  tagsall: 'tagsAll',
  tagsany: 'tagsAny',
  tagsnone: 'tagsNone',
};

const firmwareOf = (reader: Reader, path: string, value: unknown): FirmwareRange | null => {
  if (!isFields(value)) {
    const exact = reader.text(path, value);
    return exact === null ? null : { min: exact, max: exact };
  }
  const min = isBlank(value.min) ? null : reader.text(`${path}.min`, value.min);
  const max = isBlank(value.max) ? null : reader.text(`${path}.max`, value.max);
  return { ...(min !== null && { min }), ...(max !== null && { max }) };
};

const keyOf = (name: string): string => name.toLowerCase().replace(/[_\s-]/g, '');

/**
 * @param isHard a text that is no number is then a mistake; among preferences it is a wish that nothing is known of.
 */
const wantsOf = (reader: Reader, path: string, value: unknown, isHard: boolean): Wants => {
  if (isBlank(value)) return {};
  if (!isFields(value)) {
    reader.wrong(path, 'must be an object');
    return {};
  }
  const wants: { -readonly [Name in keyof Wants]: Wants[Name] } = {};
  const quantities: Record<string, Quantity> = {};
  for (const [name, wanted] of Object.entries(value)) {
    const key = keyOf(name);
    const at = `${path}.${name}`;
    if (isBlank(wanted) || NOT_WANTED.has(key)) continue;
    const named = NAMES[key];
    const tags = TAGS[key];
    if (key === 'ports' || key === 'minports') {
      const ports = reader.count(at, wanted, 0, MOST_PORTS);
      if (ports !== null) wants.ports = ports;
    } else if (named) {
      const text = reader.text(at, wanted);
      if (text !== null) wants[named] = text;
    } else if (tags) {
      const texts = reader.texts(at, wanted);
      if (texts) wants[tags] = texts;
    } else if (key === 'firmware') {
      const firmware = firmwareOf(reader, at, wanted);
      if (firmware) wants.firmware = firmware;
    } else {
      const quantity = quantityOf(reader, at, name, wanted, isHard);
      if (quantity) quantities[name] = quantity;
    }
  }
  return Object.keys(quantities).length > 0 ? { ...wants, quantities } : wants;
};

/** Units in which a number without one is meant. */
const USUAL_UNITS: Readonly<Record<string, string>> = {
  length: 'km',
  range: 'km',
  gain: 'db',
  noise: 'db',
  loss: 'db',
  wavelength: 'nm',
  datarate: 'g',
};

const quantityOf = (reader: Reader, path: string, name: string, wanted: unknown, isHard: boolean): Quantity | null => {
  if (typeof wanted !== 'string' && typeof wanted !== 'number') {
    return isHard || typeof wanted !== 'boolean' ? reader.wrong(path, 'must be a text or a number') : null;
  }
  const isMeasure = keyOf(name) in USUAL_UNITS;
  const read = typeof wanted === 'number' ? { value: wanted, unit: '' } : readQuantity(wanted);
  if (!read || !Number.isFinite(read.value)) {
    return isHard || isMeasure ? reader.wrong(path, 'must be a number, with a unit if you like, such as 10km') : null;
  }
  return read.unit === '' ? { ...read, unit: USUAL_UNITS[keyOf(name)] ?? '' } : read;
};

const idsOf = (reader: Reader, path: string, value: unknown): number[] => {
  if (isBlank(value)) return [];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length > 1000) reader.wrong(path, 'must have at most 1000 devices');
  return items.slice(0, 1000).flatMap((item, at) => {
    const id = reader.count(Array.isArray(value) ? `${path}[${at}]` : path, item, 0, Number.MAX_SAFE_INTEGER);
    return id === null ? [] : [id];
  });
};

const nodeOf = (reader: Reader, path: string, value: unknown): LogicalNode | null => {
  if (!isFields(value)) return reader.wrong(path, 'must be an object');
  // The canvas of the drawing page keeps everything but the id in `data`.
  const fields: Fields = isFields(value.data) ? { ...value, ...value.data, id: value.id } : value;
  const id = reader.text(`${path}.id`, fields.id, LONGEST_ID);
  const type = reader.text(`${path}.deviceType`, fields.deviceType ?? fields.device_type);
  const requirements = wantsOf(reader, `${path}.requirements`, fields.requirements, true);
  const preferences = wantsOf(reader, `${path}.parameters`, fields.parameters, false);
  const [pin = null, ...others] = idsOf(reader, `${path}.pin`, fields.pin ?? fields.device_id);
  if (others.length > 0) reader.wrong(`${path}.pin`, 'must be one device');
  const exclude = idsOf(reader, `${path}.exclude`, fields.exclude);
  const alike = isBlank(fields.alike) ? null : reader.text(`${path}.alike`, fields.alike, LONGEST_ID);
  const weight = isBlank(fields.weight) ? 1 : reader.measure(`${path}.weight`, fields.weight, '');
  if (weight !== null && (weight < 0.01 || weight > 100)) reader.wrong(`${path}.weight`, 'must be from 0.01 to 100');
  return { id: id ?? '', type: type ?? '', requirements, preferences, pin, exclude, alike, weight: weight ?? 1 };
};

const directionOf = (reader: Reader, path: string, value: unknown): LogicalEdge['direction'] => {
  if (isBlank(value)) return 'both';
  const word = typeof value === 'string' ? keyOf(value) : '';
  if (['both', 'duplex', 'bidirectional'].includes(word)) return 'both';
  if (['sourcetotarget', 'simplex', 'oneway'].includes(word)) return 'source_to_target';
  reader.wrong(path, 'must be both or source_to_target');
  return 'both';
};

const kindsOf = (reader: Reader, path: string, value: unknown): LinkKind[] | null => {
  if (isBlank(value)) return null;
  const words = (reader.texts(path, value) ?? []).map((word) => word.toLowerCase());
  const kinds = LINK_KINDS.filter((kind) => words.includes(kind));
  const unknown = words.filter((word) => !(LINK_KINDS as readonly string[]).includes(word));
  if (unknown.length > 0 || kinds.length === 0) reader.wrong(path, `must be some of ${LINK_KINDS.join(', ')}`);
  return kinds;
};

/** What may be asked of a link, by `keyOf`. */
const EDGE_REQUIREMENTS = [
  ...['minlengthkm', 'minlength', 'maxlengthkm', 'maxlength', 'maxlossdb', 'maxloss'],
  ...['kinds', 'multiplicity', 'direction'],
];

const edgeOf = (
  reader: Reader,
  path: string,
  value: unknown,
  number: number,
  nodes: ReadonlySet<string>,
): LogicalEdge | null => {
  if (!isFields(value)) return reader.wrong(path, 'must be an object');
  const id = isBlank(value.id) ? `edge-${number}` : reader.text(`${path}.id`, value.id, LONGEST_ID);
  const [source, target] = ['source', 'target'].map((end) => reader.text(`${path}.${end}`, value[end], LONGEST_ID));
  for (const [end, node] of [
    ['source', source],
    ['target', target],
  ] as const) {
    if (typeof node === 'string' && !nodes.has(node)) reader.wrong(`${path}.${end}`, `there is no node ${node}`);
  }
  if (typeof source === 'string' && source === target) reader.wrong(path, `joins ${source} to itself`);
  const own = isFields(value.data) ? value.data : value;
  const asked = own.requirements;
  if (!isBlank(asked) && !isFields(asked)) reader.wrong(`${path}.requirements`, 'must be an object');
  if (!isBlank(own.parameters) && !isFields(own.parameters)) reader.wrong(`${path}.parameters`, 'must be an object');
  const hard = new Map<string, { readonly name: string; readonly value: unknown }>();
  for (const [name, given] of Object.entries(isFields(asked) ? asked : {})) {
    if (isBlank(given)) continue;
    const key = keyOf(name);
    // What nobody reads nobody keeps to: a link that was to be short would be any.
    if (EDGE_REQUIREMENTS.includes(key)) hard.set(key, { name, value: given });
    else reader.wrong(`${path}.requirements.${name}`, 'is not known');
  }
  const limit = (keys: readonly string[], unit: string): number | null => {
    const found = keys.map((key) => hard.get(key)).find((known) => known !== undefined);
    return found === undefined ? null : reader.measure(`${path}.requirements.${found.name}`, found.value, unit);
  };
  const minLengthKm = limit(['minlengthkm', 'minlength'], 'km');
  const maxLengthKm = limit(['maxlengthkm', 'maxlength'], 'km');
  if (minLengthKm !== null && maxLengthKm !== null && minLengthKm > maxLengthKm) {
    reader.wrong(`${path}.requirements`, 'the least length is above the greatest');
  }
  const many = hard.get('multiplicity')?.value ?? own.multiplicity;
  return {
    id: id ?? '',
    source: source ?? '',
    target: target ?? '',
    multiplicity: isBlank(many) ? 1 : (reader.count(`${path}.multiplicity`, many, 1, MOST_STRANDS) ?? 1),
    direction: directionOf(reader, `${path}.direction`, hard.get('direction')?.value ?? own.direction),
    maxLossDb: limit(['maxlossdb', 'maxloss'], 'db'),
    minLengthKm,
    maxLengthKm,
    kinds: kindsOf(reader, `${path}.requirements.kinds`, hard.get('kinds')?.value),
  };
};

const listOf = (reader: Reader, path: string, value: unknown, most: number): readonly unknown[] => {
  if (!Array.isArray(value)) {
    reader.wrong(path, 'must be a list');
    return [];
  }
  if (value.length > most) reader.wrong(path, `must have at most ${most} entries, and has ${value.length}`);
  return value.slice(0, most);
};

const repeated = (reader: Reader, path: string, items: readonly ({ readonly id: string } | null)[]): void => {
  const seen = new Set<string>();
  items.forEach((item, at) => {
    if (!item || item.id === '') return;
    if (seen.has(item.id)) reader.wrong(`${path}[${at}].id`, `${item.id} is there twice`);
    seen.add(item.id);
  });
};

/**
 * Reads a drawing as requests carry it: `{id, deviceType, parameters?, requirements?, pin?, exclude?, alike?, weight?}`
 * for nodes, also in the shape of the canvas (`{id, data: {deviceType, …}}`), and `{id?, source, target,
 * requirements?}` for edges. Parameters are preferences; requirements are hard. Numbers may be texts with a unit.
 * @throws DomainError `topology.malformed` with every mistake in `facts.errors`.
 */
export const parseTopology = (nodes: unknown, edges: unknown): LogicalTopology => {
  const reader = new Reader();
  const drawnNodes = listOf(reader, 'nodes', nodes, MOST_NODES);
  if (Array.isArray(nodes) && nodes.length === 0) reader.wrong('nodes', 'must have at least one entry');
  const readNodes = drawnNodes.map((node, at) => nodeOf(reader, `nodes[${at}]`, node));
  const ids = new Set(readNodes.flatMap((node) => (node ? [node.id] : [])));
  const drawnEdges = listOf(reader, 'edges', edges ?? [], MOST_EDGES);
  const readEdges = drawnEdges.map((edge, at) => edgeOf(reader, `edges[${at}]`, edge, at, ids));
  repeated(reader, 'nodes', readNodes);
  repeated(reader, 'edges', readEdges);
  const { mistakes } = reader;
  const [first] = mistakes;
  if (first) {
    const more = mistakes.length > 1 ? ` (and ${mistakes.length - 1} more)` : '';
    throw invalid('topology.malformed', `The topology cannot be read: ${first.path} ${first.message}${more}.`, {
      errors: mistakes,
    });
  }
  return {
    nodes: readNodes.filter((node) => node !== null),
    edges: readEdges.filter((edge) => edge !== null),
  };
};
