/**
 * Moves the clock of a server process, as `faketime` does: loaded before the program with `--import`, it adds to every
 * Date what the file CLOCK_FILE says, `[[at, milliseconds], …]`, from the real time `at` on. Every process of this
 * machine moves at the same instant, as with one clock. Timers go on as they are.
 */
import { readFileSync } from 'node:fs';

const BETWEEN_LOOKS = 100;

const RealDate = Date;
let moves = [];

const look = () => {
  try {
    moves = JSON.parse(readFileSync(process.env.CLOCK_FILE ?? '', 'utf8'));
  } catch {
    moves = [];
  }
};

const now = () => {
  const real = RealDate.now();
  return real + (moves.findLast(([at]) => at <= real)?.[1] ?? 0);
};

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(now());
    else super(...given);
  }

  static now() {
    return now();
  }
};

look();
setInterval(look, BETWEEN_LOOKS).unref();
