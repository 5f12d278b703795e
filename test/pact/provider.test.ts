import { expect } from 'chai';
import { PACTS } from './consumer/pact-of.js';
import { Provider } from './provider/provider.js';
import { STAGES } from './provider/stage.js';
import { verify } from './provider/verify.js';

for (const [name, open] of Object.entries(STAGES)) {
  describe(`the pacts, in ${name}`, () => {
    it('are kept', async () => {
      const provider = await Provider.start(open);
      try {
        const verdict = await verify(provider, { pactUrls: [PACTS] });
        expect(verdict.ok, verdict.text).to.equal(true);
      } finally {
        await provider.close();
      }
    }).timeout(60_000);
  });
}
