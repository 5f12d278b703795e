import { expect } from 'chai';
import { boolean, eachLike, integer, like, number, oneOf, string, toldPath } from '../matching.js';
import type { Given, PactOf } from '../pact-of.js';
import { OldAdmin, type PduForm } from './old-admin.js';

const ADMIN = ['somebody is signed in', { username: 'kim', role: 'Admin' }] as const;
const POWERED: readonly Given[] = ['there is a device', 'there is a PDU', ADMIN];

const answered = { status: 200, body: like({}) };
const pduPath = (more = '') => toldPath(`/control-panel/pdus/\${pduName}${more}`, { pduName: 'PDU1' });

const FORM: PduForm = {
  ...{ name: 'PDU9', host: '10.20.1.99', user: 'admin', passwd: 'password', pdu_path: '/model/pdu/0' },
  ...{ external_id: 'PDU_NINE', sensors: [{ slot_idx: 0 }], outlets: [] },
};
const { external_id: _, ...FORGETFUL } = FORM;

export const controlPanel = (pact: PactOf): void => {
  it('lists PDUs with what they told', () =>
    pact.exchange(
      'the PDUs',
      {
        given: POWERED,
        request: { method: 'GET', path: '/control-panel/pdus', as: 'kim' },
        reply: {
          status: 200,
          body: eachLike({
            ...{ name: string('PDU1'), host: string('PDU1'), connected: boolean(true) },
            ...{ temperature: number(22.5), humidity: number(40), power: number(120) },
          }),
        },
      },
      async (url) => {
        const pdus = await new OldAdmin(url, 'kim').pdus();
        expect(pdus).to.deep.equal([{ title: 'PDU1 at PDU1', connected: true, readings: [22.5, 40, 120] }]);
      },
    ));

  it('prints the totals, and N/A where nothing is known', async () => {
    const request = { method: 'GET', path: '/control-panel/status', as: 'kim' } as const;
    const counts = (pdus: number) => ({ total_pdus: integer(pdus), connected_pdus: integer(pdus) });
    await pact.exchange(
      'the totals of the PDUs',
      {
        ...{ given: POWERED, request },
        reply: { status: 200, body: { ...counts(1), avg_temperature: number(22.5), total_power: number(120) } },
      },
      async (url) => {
        expect(await new OldAdmin(url, 'kim').totals()).to.deep.equal({ pdus: [1, 1], averages: [22.5, 120] });
      },
    );
    await pact.exchange(
      'the totals of no PDUs',
      {
        ...{ given: [ADMIN], request },
        reply: { status: 200, body: { ...counts(0), avg_temperature: 'N/A', total_power: 'N/A' } },
      },
      async (url) => {
        expect((await new OldAdmin(url, 'kim').totals()).averages).to.deep.equal(['N/A', 'N/A']);
      },
    );
  });

  it('lists outlets, each with the name of what it feeds', () =>
    pact.exchange(
      'the outlets of a PDU',
      {
        given: POWERED,
        request: { method: 'GET', path: pduPath('/outlets'), as: 'kim' },
        reply: {
          status: 200,
          body: eachLike({ number: integer(1), status: oneOf('on', 'off'), device: string('ROADM 1') }),
        },
      },
      async (url) => {
        const outlets = await new OldAdmin(url, 'kim').outlets('PDU1');
        expect(outlets).to.deep.equal([{ number: 1, status: 'on', device: 'ROADM 1' }]);
      },
    ));

  const does = (
    description: string,
    request: { readonly method: string; readonly path: ReturnType<typeof pduPath> | string; readonly body?: object },
    act: (page: OldAdmin) => Promise<string>,
    given = POWERED,
  ) =>
    pact.exchange(description, { given, request: { ...request, as: 'kim' }, reply: answered }, async (url) => {
      expect(await act(new OldAdmin(url, 'kim'))).to.equal('done');
    });

  for (const status of ['off', 'on'] as const) {
    it(`switches an outlet ${status}`, () =>
      does(
        `switch an outlet ${status}`,
        { method: 'POST', path: pduPath('/outlets/1/control'), body: { status } },
        (page) => page.switch('PDU1', 1, status),
      ));
  }

  it('says what an outlet feeds, also what the inventory does not have', () =>
    does(
      'say what an outlet feeds',
      { method: 'PUT', path: pduPath('/outlets/1/device'), body: { device_name: 'Server 3' } },
      (page) => page.label('PDU1', 1, 'Server 3'),
    ));

  it('connects a PDU', () =>
    does('connect a PDU', { method: 'POST', path: pduPath('/connect') }, (page) => page.connect('PDU1')));

  it('adds a PDU, the second time without an external id', async () => {
    const adds = (description: string, form: PduForm) =>
      does(description, { method: 'POST', path: '/control-panel/pdus', body: form }, (page) => page.addPdu(form), [
        ADMIN,
      ]);
    await adds('add a PDU', FORM);
    await adds('add a PDU without an external id', FORGETFUL);
  });

  it('removes a PDU', () =>
    does('remove a PDU', { method: 'DELETE', path: pduPath() }, (page) => page.removePdu('PDU1')));

  it('shows the whole text of a refusal', () =>
    pact.exchange(
      'connect a PDU that is not there',
      {
        given: [ADMIN],
        request: { method: 'POST', path: '/control-panel/pdus/PDU7/connect', as: 'kim' },
        reply: {
          ...{ status: 404, headers: { 'Content-Type': 'application/problem+json' } },
          body: { detail: string('There is no PDU PDU7.') },
        },
      },
      async (url) => {
        expect(await new OldAdmin(url, 'kim').connect('PDU7')).to.contain('There is no PDU PDU7.');
      },
    ));
};
