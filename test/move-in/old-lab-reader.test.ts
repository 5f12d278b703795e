import { expect } from 'chai';
import { MysqlOldLab } from '../../adapters/legacy/mysql-old-lab.js';
import { legacyDatabase } from '../support/legacy-database.js';
import { legacyLab } from '../support/legacy-lab.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { refusal } from '../contracts/refusal.js';

onMariaDb('the reader of an old lab', () => {
  let url = '';
  before(async function () {
    this.timeout(60_000);
    url = await legacyDatabase();
  });

  it('yields every table as its plain rows, as the dump has them', async () => {
    const read = await new MysqlOldLab(url).read();
    expect(Object.keys(read).sort()).to.deep.equal(Object.keys(legacyLab()).sort());
    for (const [table, rows] of Object.entries(legacyLab())) {
      expect(read[table as keyof typeof read], table).to.deep.equal(rows);
    }
  });

  it('understands what the old server called the address', async () => {
    const read = await new MysqlOldLab(url.replace('mysql://', 'mysql+pymysql://')).read();
    expect(read.user_table).to.have.length(41);
  });

  it('says when it is not an old lab, or not there, without telling the password', async () => {
    const empty = await refusal(new MysqlOldLab(await freshDatabase()).read());
    expect(empty.code).to.equal('move-in.not-an-old-lab');
    expect(empty.message).to.include('user_table');
    const away = await refusal(new MysqlOldLab('mysql://root:s3cret@127.0.0.1:1/lab').read());
    expect(away.code).to.equal('move-in.unreachable');
    expect(away.message).not.to.include('s3cret');
  });
});
