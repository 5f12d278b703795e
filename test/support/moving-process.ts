/**
 * A program for tests that end it in the middle: it is sent the URL of an empty database once it has loaded, and moves
 * the example of an old lab in there.
 */
import { AesCredentialVault } from '../../adapters/crypto/aes-credential-vault.js';
import { BcryptPasswordHasher } from '../../adapters/crypto/bcrypt-password-hasher.js';
import { sha256Digest } from '../../adapters/crypto/sha256-digest.js';
import { TypeormNewHome } from '../../adapters/typeorm/move-in/typeorm-new-home.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { MoveIn } from '../../application/move-in/index.js';
import { defaultBookingPolicy, LabZone } from '../../domain/index.js';
import { ManualClock } from './manual-clock.js';
import { AS_OF, oldHome } from './moving-in.js';

process.once('message', (url: string) => {
  void (async () => {
    const moveIn = new MoveIn(
      new TypeormNewHome(await openDatabase(url)),
      new BcryptPasswordHasher(4),
      new AesCredentialVault(null, {}),
      sha256Digest,
      new ManualClock(AS_OF),
      { zone: new LabZone('Europe/Dublin'), policy: defaultBookingPolicy },
    );
    await moveIn.execute(oldHome());
    process.send?.('moved');
  })();
});
process.send?.('loaded');
