import { expect } from 'chai';
import { nodeNotice } from '../../composition/node-notice.js';

describe('what is said of the Node that runs the lab', () => {
  const sqlite = 'sqlite:data/openlab.sqlite';

  for (const version of ['20.19.0', '20.20.2', '22.12.0', '22.23.3', '24.18.9']) {
    it(`is nothing of ${version}`, () => {
      expect(nodeNotice(version, sqlite)).to.equal(null);
    });
  }

  for (const version of ['24.19.0', '24.21.0', '25.0.0', '26.1.0']) {
    it(`is that ${version} ends processes that use SQLite`, () => {
      expect(nodeNotice(version, sqlite)).to.include(version).and.include('22');
      expect(nodeNotice(version, 'mysql://lab@db/openlab')).to.equal(null);
    });
  }
});
