/**
 * Moves the clock of a server process, as `faketime` does: loaded before the program with `--import`, it adds the
 * milliseconds in the file CLOCK_FILE to every Date. Timers go on as they are.
 */
import { readFileSync } from 'node:fs';

const BETWEEN_LOOKS = 100;

const RealDate = Date;
let offset = 0;

const look = () => {
  try {
    offset = Number(readFileSync(process.env.CLOCK_FILE ?? '', 'utf8')) || 0;
  } catch {
    offset = 0;
  }
};

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + offset);
    else super(...given);
  }

  static now() {
    return RealDate.now() + offset;
  }
};

look();
setInterval(look, BETWEEN_LOOKS).unref();
