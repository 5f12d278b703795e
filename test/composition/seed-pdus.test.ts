import { expect } from 'chai';
import type { PduForm } from '../../application/index.js';
import { seedPdus } from '../../composition/seed-pdus.js';
import { DomainError } from '../../domain/index.js';
import { forEveryStore } from '../support/labs.js';
import { simulatedHardware } from '../support/power.js';

const form = (name: string, host: string): PduForm => ({
  ...{ name, host, port: 161, driver: 'simulated', credentials: 'env:PDU', user: null, pduPath: null },
  ...{ externalId: null, outlets: [{ number: 1, device: null, mode: 'manual' }] },
});
const forms = [form('PDU 1', 'rack-1'), form('PDU 2', 'rack-2')];

forEveryStore('PDUs of the configuration', (openLab) => {
  it('are registered once by servers that start together', async () => {
    const { lab } = await openLab({ hardware: simulatedHardware() });
    await Promise.all([1, 2, 3].map(() => seedPdus(lab, forms)));
    const pdus = await lab.work.run(({ power }) => power.pdus());
    expect(pdus.map(({ name }) => name)).to.deep.equal(['PDU 1', 'PDU 2']);
  });

  it('are all registered or none, and never beside those that are there', async () => {
    const { lab } = await openLab({ hardware: simulatedHardware() });
    const twice = [...forms, form('PDU 1', 'rack-3')];
    let refusal: unknown;
    await seedPdus(lab, twice).catch((error: unknown) => (refusal = error));
    expect(refusal).to.be.instanceOf(DomainError).and.to.have.property('code', 'pdu.duplicate');
    const pdus = () => lab.work.run(({ power }) => power.pdus());
    expect(await pdus()).to.deep.equal([]);
    await seedPdus(lab, forms.slice(0, 1));
    await seedPdus(lab, forms);
    expect(await pdus()).to.have.length(1);
  });
});
