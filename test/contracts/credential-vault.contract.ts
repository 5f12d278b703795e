import { expect } from 'chai';
import type { CredentialVault, PduCredentials } from '../../application/index.js';
import { refusalOf } from './racing.js';

/** For a CredentialVault. @param open a vault with that secret, or without one; it knows the variables. */
export const credentialVaultContract = (
  name: string,
  open: (secret: string | null, variables: Readonly<Record<string, string>>) => CredentialVault,
): void => {
  describe(`${name} as a keeper of credentials`, () => {
    const community: PduCredentials = { version: '2c', readCommunity: 'pub-Ω', writeCommunity: 'hunter2-private' };

    it('gives back what it sealed, and shows none of it', () => {
      const vault = open('a secret of the operator', {});
      const sealed = vault.seal(community);
      expect(vault.open(sealed)).to.deep.equal(community);
      expect(sealed)
        .to.match(/^sealed:/)
        .and.not.include('hunter2');
      expect(Buffer.from(sealed.slice('sealed:'.length), 'base64').toString('latin1')).not.to.include('hunter2');
      expect(vault.seal(community)).to.not.equal(sealed);
      expect(open('a secret of the operator', {}).open(sealed)).to.deep.equal(community);
    });

    it('opens nothing that was sealed with another secret, or changed since', async () => {
      const sealed = open('a secret of the operator', {}).seal(community);
      const changed = `${sealed.slice(0, -8)}AAAAAAA=`;
      for (const [secret, kept] of [
        ['another secret of theirs', sealed],
        ['a secret of the operator', changed],
        [null, sealed],
      ] as const) {
        const refusal = await refusalOf(Promise.resolve().then(() => open(secret, {}).open(kept)));
        expect(refusal).to.include({ kind: 'unavailable', code: 'power.credentials' });
        expect(refusal.message).to.match(/POWER_KEY/);
      }
    });

    it('keeps nothing without a secret, and says what to do', async () => {
      const refusal = await refusalOf(Promise.resolve().then(() => open(null, {}).seal(community)));
      expect(refusal).to.include({ kind: 'invalid', code: 'power.no-key' });
      expect(refusal.message)
        .to.match(/POWER_KEY.*env:NAME/)
        .and.not.include('hunter2');
    });

    it('looks up what is named: a community, or credentials as JSON', async () => {
      const vault = open(null, { PLAIN: 'secret', JSON: JSON.stringify(community), BROKEN: '{x' });
      expect(vault.open('env:PLAIN')).to.deep.equal({
        version: '2c',
        readCommunity: 'secret',
        writeCommunity: 'secret',
      });
      expect(vault.open('env:JSON')).to.deep.equal(community);
      for (const missing of ['env:MISSING', 'env:BROKEN']) {
        const refusal = await refusalOf(Promise.resolve().then(() => vault.open(missing)));
        expect(refusal).to.include({ kind: 'unavailable', code: 'power.credentials' });
        expect(refusal.message).to.include(missing.slice('env:'.length));
      }
    });

    it('needs nothing for what needs none', () => {
      expect(open(null, {}).open('none')).to.deep.equal({ version: 'none' });
    });
  });
};
