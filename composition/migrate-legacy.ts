import { moveInCommand } from './move-in-command.js';

process.exitCode = await moveInCommand(process.argv.slice(2), process.env, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
