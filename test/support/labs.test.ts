import { expect } from 'chai';
import { aDevice, importDevices } from './devices.js';
import { forEveryStore } from './labs.js';
import { ManualClock, MONDAY_MORNING } from './manual-clock.js';
import { administrator, signedIn, signedInAgain, somebodyWith } from './people.js';

forEveryStore('a lab for tests', (openLab) => {
  it('has the people a test asks for, each signed in', async () => {
    const { lab, app } = await openLab();
    const role = async (person: Awaited<ReturnType<typeof signedIn>>) => {
      const reply = await person.get('/api/auth/me').expect(200);
      return reply.body as { username: string; is_admin: boolean };
    };
    expect(await role(await administrator(lab, app))).to.include({ username: 'root', is_admin: true });
    expect(await role(await signedIn(app, 'ada'))).to.include({ username: 'ada', is_admin: false });
    expect(await role(await signedInAgain(app, 'ada'))).to.include({ username: 'ada' });
    expect(await role(await somebodyWith(lab, app, 'Admin', 'grace'))).to.include({ is_admin: true });
    await (await somebodyWith(lab, app, 'Viewer', 'vera')).get('/admin/devices').expect(200);
  });

  it('has the devices a test asks for', async () => {
    const { lab, app } = await openLab();
    const first = await aDevice(lab, { name: 'ROADM 1' });
    const rows = await importDevices(lab, [
      { name: 'Switch 1', in_port: '1', out_port: '33' },
      { name: 'Switch 1', in_port: '2', out_port: '34' },
    ]);
    const reply = await (await signedIn(app, 'ada')).get('/api/devices').expect(200);
    const listed = reply.body as { id: number; deviceName: string }[];
    expect(listed.map(({ id, deviceName }) => [id, deviceName])).to.deep.equal([
      [first, 'ROADM 1'],
      [rows[0], 'Switch 1'],
      [rows[1], 'Switch 1'],
    ]);
  });

  it('tells the time that a test says', async () => {
    const clock = new ManualClock();
    const { lab } = await openLab({ clock });
    clock.advance(5);
    expect(lab.clock.now()).to.equal(MONDAY_MORNING + 5);
  });
});
