import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../composition/package-root.js';
import { STAGES } from './provider/stage.js';
import { stateInWords } from './states/in-words.js';
import { prepareState, providerStates } from './states/index.js';

/** In an order in which each finds what it needs. */
const preparing = [
  ['there is an account', { username: 'bob' }],
  ['somebody is signed in', {}],
  ['there is a device', {}],
  ['there is a device', { name: 'ILA 1', type: 'ILA', ip_address: '', polatis_name: '', ingress: '', egress: '' }],
  ['there is a device of which nothing else is known', { name: 'Server 1' }],
  ['there is a PDU', {}],
  ['somebody watches the live stream', { event: 'booking.changed' }],
  ['somebody has booked', {}],
  ['the booking was decided', {}],
  ['somebody has a notification', {}],
  ['an outlet was switched', {}],
] as const;

describe('docs/contracts.md', () => {
  it('says truly what each state tells', async () => {
    const stage = await STAGES.memory();
    try {
      const prepared = new Set<string>();
      const prepare = async (name: string, parameters: object) => {
        const told = Object.keys(await prepareState(stage, name, parameters));
        const { tells } = providerStates.find((state) => state.name === name) ?? { tells: [] };
        expect(
          tells.map((value) => value.replace('<username>', name.includes('account') ? 'bob' : 'alice')),
        ).to.have.members(told, name);
        prepared.add(name);
      };
      for (const [name, parameters] of preparing) await prepare(name, parameters);
      for (const { name } of providerStates) if (!prepared.has(name)) await prepare(name, {});
    } finally {
      await stage.close();
    }
  });

  it('lists every provider state, with its parameters and what it tells', () => {
    const text = readFileSync(join(packageRoot, 'docs', 'contracts.md'), 'utf8');
    const [, listed = ''] = text.split(/^## Provider states\n\n.*\n\n/m);
    expect(listed.trim()).to.equal(providerStates.map(stateInWords).join('\n\n'));
  });
});
