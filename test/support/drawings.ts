/** What the drawing page sends. */
export interface Drawing {
  readonly nodes: readonly { readonly id: string; readonly deviceType: string; readonly parameters?: object }[];
  readonly edges: readonly { readonly id: string; readonly source: string; readonly target: string }[];
}

/** So many ROADMs in a ring, or two side by side, each with a transceiver. */
export const metroRing = (size: number): Drawing => {
  const places = Array.from({ length: size }, (_, index) => index);
  const ring = size < 3 ? places.slice(1) : places;
  return {
    nodes: [
      ...places.map((index) => ({
        id: `roadm-${index}`,
        deviceType: 'ROADM',
        parameters: { ports: 8, vendor: 'Ciena' },
      })),
      ...places.map((index) => ({ id: `xcvr-${index}`, deviceType: 'Transceiver' })),
    ],
    edges: [
      ...ring.map((index) => ({
        ...{ id: `ring-${index}`, source: `roadm-${index}`, target: `roadm-${(index + 1) % size}` },
      })),
      ...places.map((index) => ({ id: `drop-${index}`, source: `xcvr-${index}`, target: `roadm-${index}` })),
    ],
  };
};

/** A whole lab day, as the drawing page sends it in winter. */
export const onDay = (date: string) => ({ start_time: `${date}T09:00:00.000Z`, end_time: `${date}T17:00:00.000Z` });

/** A mapping in a reply. */
export interface MappingBody {
  readonly mapping_id: string;
  readonly total_fit_score: number;
  readonly device_ids: readonly number[];
  readonly score: number;
  readonly bound: number;
  readonly gap: number;
  readonly proved: boolean;
  readonly node_mappings: readonly {
    readonly logical_node_id: string;
    readonly physical_device_id: number;
    readonly physical_device_name: string;
    readonly physical_device_type: string;
    readonly explanation: string;
    readonly confidence: string;
    readonly reasons: Readonly<Record<string, number>>;
    readonly score_terms: readonly object[];
    readonly alternatives: readonly { readonly device_id: number; readonly device_name: string }[];
  }[];
  readonly link_mappings: readonly {
    readonly logical_edge_id: string;
    readonly source_mapping: string;
    readonly target_mapping: string;
    readonly physical_link_id: string;
    readonly kind: string;
    readonly hops: readonly { readonly via: string; readonly device_name: string | null }[];
    readonly source: { readonly device_id: number; readonly port: string };
    readonly target: { readonly device_id: number; readonly port: string };
  }[];
}

export interface InfeasibleBody {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
  readonly detail: string;
  readonly reasons: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly relaxations: readonly { readonly change: string; readonly detail: string }[];
}

export interface ResolveBody {
  readonly mappings: readonly MappingBody[];
  readonly total_options: number;
  readonly infeasible: InfeasibleBody | null;
}
