import { expect } from 'chai';
import { boolean, eachLike, instant, integer, nullValue, number, oneOf, regex, string, told } from '../matching.js';
import type { Given, PactOf } from '../pact-of.js';
import { SchedulerFrontend, type Drawing } from './scheduler-frontend.js';

const ALICE = ['somebody is signed in', { username: 'alice' }] as const;
const DEVICES = ['ROADM 1', 'ILA 1', 'ROADM 2', 'ILA 2'];
/** Two pairs, so that there is an alternative to everything. */
const WIRED: readonly Given[] = [
  ...DEVICES.map((name, index): Given => {
    const patched = { polatis_name: `PA-${index}`, ingress: `${index + 1}`, egress: `${index + 33}` };
    return [
      'there is a device',
      { name, type: name.split(' ')[0] ?? '', ip_address: `192.0.2.${index + 1}`, ...patched },
    ];
  }),
  ['two devices are wired', { from: 'ROADM 1', to: 'ILA 1' }],
  ['two devices are wired', { from: 'ROADM 2', to: 'ILA 2' }],
  ALICE,
];

const parameters = { wavelength: '', loss: '', fiberType: '', bandwidth: '', notes: '' };

const DRAWING: Drawing = {
  nodes: [
    { id: 'node-0', deviceType: 'ROADM', parameters: { vendor: 'Ciena', ports: 8, wavelength: '1550nm' } },
    { id: 'node-1', deviceType: 'ILA', parameters: { gain: '20dB', vendor: 'Amphenol', noise: '5dB' } },
  ],
  edges: [{ id: 'edge-0', source: 'node-0', target: 'node-1', parameters }],
};

const SLOT = { start_time: '2026-11-24T00:53:00.000Z', end_time: '2026-11-24T02:53:00.000Z' };

const NODE = {
  logical_node_id: string('node-0'),
  physical_device_id: integer(5),
  physical_device_name: string('ROADM 1'),
  physical_device_type: string('ROADM'),
  fit_score: number(0.9),
  confidence: oneOf('high', 'medium', 'low'),
  explanation: string('It has enough ports.'),
  alternatives: eachLike({
    ...{ device_id: integer(6), device_name: string('ROADM 2'), device_type: string('ROADM') },
    ...{ fit_score: number(0.8), available: boolean(true) },
  }),
};

const MAPPING = {
  mapping_id: string('m1'),
  total_fit_score: number(0.9),
  node_mappings: eachLike(NODE),
  link_mappings: eachLike({
    logical_edge_id: string('edge-0'),
    source_mapping: string('ROADM 1'),
    target_mapping: string('ILA 1'),
    physical_link_id: string('L1'),
    fit_score: number(0.9),
  }),
};

const SCORES = { performance_score: number(0.9), availability_score: number(0.9), efficiency_score: number(0.9) };

export const drawing = (pact: PactOf): void => {
  it('shows which of the drawn things can be had', () =>
    pact.exchange(
      'the availability of drawn things',
      {
        given: WIRED,
        request: { method: 'POST', path: '/topology/check-availability', as: 'alice', body: DRAWING },
        reply: {
          status: 200,
          body: {
            availability: {
              'node-0': { status: oneOf('available', 'unavailable', 'unknown') },
              'node-1': { status: oneOf('available', 'unavailable', 'unknown') },
            },
          },
        },
      },
      async (url) => {
        const availability = await new SchedulerFrontend(url, 'alice').checkAvailability(DRAWING);
        expect(availability).to.deep.equal({ 'node-0': 'available', 'node-1': 'available' });
      },
    ));

  it('shows which devices can be the drawn network', () =>
    pact.exchange(
      'resolve a drawing',
      {
        given: WIRED,
        request: { method: 'POST', path: '/topology/resolve', as: 'alice', body: { ...DRAWING, ...SLOT } },
        reply: { status: 200, body: { total_options: integer(1), mappings: eachLike(MAPPING) } },
      },
      async (url) => {
        const { options, mappings } = await new SchedulerFrontend(url, 'alice').resolve(DRAWING, SLOT);
        expect(options).to.equal(1);
        expect(mappings[0]?.nodes[0]).to.deep.include({ device: 5, name: 'ROADM 1', confidence: 'high' });
        expect(mappings[0]?.links[0]).to.deep.include({ edge: 'edge-0', link: 'L1' });
      },
    ));

  it('shows that nothing can be the drawn network', () =>
    pact.exchange(
      'resolve a drawing that nothing can be',
      {
        given: [ALICE],
        request: { method: 'POST', path: '/topology/resolve', as: 'alice', body: { ...DRAWING, ...SLOT } },
        reply: { status: 200, body: { total_options: 0, mappings: [] } },
      },
      async (url) => {
        const resolved = await new SchedulerFrontend(url, 'alice').resolve(DRAWING, SLOT);
        expect(resolved).to.deep.equal({ options: 0, mappings: [] });
      },
    ));

  it('shows what is recommended, and why', () =>
    pact.exchange(
      'suggestions for a drawing',
      {
        given: WIRED,
        request: { method: 'POST', path: '/topology/suggest', as: 'alice', body: { ...DRAWING, ...SLOT } },
        reply: {
          status: 200,
          body: {
            recommendations: eachLike({
              ...{
                mapping_id: string('m1'),
                recommendation_score: number(0.9),
                ...SCORES,
                reliability_score: number(0.9),
              },
              ...{
                rationale: string('All free.'),
                earliest_available_slot: instant(SLOT.start_time),
                mapping: MAPPING,
              },
            }),
          },
        },
      },
      async (url) => {
        const [first] = await new SchedulerFrontend(url, 'alice').suggest(DRAWING, SLOT);
        expect(first).to.deep.include({ id: 'm1', scores: [0.9, 0.9, 0.9, 0.9, 0.9], earliest: SLOT.start_time });
      },
    ));

  it('shows how likely devices are to be free', () =>
    pact.exchange(
      'the forecast for a device',
      {
        given: WIRED,
        request: {
          ...{ method: 'POST', path: '/availability/forecast', as: 'alice' },
          body: { device_ids: told('deviceIds', [5]), ...SLOT, forecast_window_days: 7 },
        },
        reply: {
          status: 200,
          body: {
            forecasts: eachLike({
              ...{ device_id: integer(5), availability_probability: number(0.9), confidence: number(0.5) },
              ...{ factors: eachLike('Nothing is booked.'), earliest_available_slot: instant(SLOT.start_time) },
            }),
          },
        },
      },
      async (url) => {
        const [forecast] = await new SchedulerFrontend(url, 'alice').forecast([5], SLOT);
        expect(forecast).to.deep.include({ device: 5, probability: 0.9, factors: ['Nothing is booked.'] });
      },
    ));

  it('shows that a device can never be had with null for when it is free', () =>
    pact.exchange(
      'the forecast for a device that nobody can book',
      {
        given: [['there is a device', { status: 'retired' }], ALICE],
        request: {
          ...{ method: 'POST', path: '/availability/forecast', as: 'alice' },
          body: { device_ids: told('deviceIds', [5]), ...SLOT, forecast_window_days: 7 },
        },
        reply: {
          status: 200,
          body: {
            forecasts: eachLike({
              ...{ device_id: integer(5), availability_probability: number(0), confidence: number(1) },
              ...{ factors: eachLike('It is retired.'), earliest_available_slot: nullValue() },
            }),
          },
        },
      },
      async (url) => {
        const [forecast] = await new SchedulerFrontend(url, 'alice').forecast([5], SLOT);
        expect(forecast).to.deep.include({ device: 5, probability: 0, earliest: null });
      },
    ));

  it('shows why a drawing whose devices nobody has resolved cannot be booked', () => {
    const items = ['ROADM', 'ILA'].map((type, index) => ({
      ...{ device_type: type, device_name: `${type}-node-${index}`, status: 'PENDING' as const },
      ...{ start_time: '2026-11-24T00:53', end_time: '2026-11-24T01:53' },
    }));
    const message = 'Topology booking: Unnamed Topology';
    const detail = 'Unknown devices: ROADM ROADM-node-0 and ILA ILA-node-1.';
    return pact.exchange(
      'book the devices that the drawing page makes up',
      {
        given: WIRED,
        request: {
          ...{ method: 'POST', path: '/bookings', as: 'alice' },
          body: { user_id: told('userId', 7), message, bookings: items },
        },
        // A detail that spoke of a conflict would hide which devices these are.
        reply: {
          ...{ status: 400, headers: { 'Content-Type': 'application/problem+json' } },
          body: { detail: regex('Unknown device.*', detail) },
        },
      },
      async (url) => {
        const refusal: unknown = await new SchedulerFrontend(url, 'alice').book(7, message, items).catch(String);
        expect(refusal).to.equal(`Error: ${detail}`);
      },
    );
  });
};
