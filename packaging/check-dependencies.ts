/** `npm run deps:check`: exits with 1 on an advisory without an excuse or a deprecated package, and with 2 when nobody knows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../composition/package-root.js';
import { advisories, deprecatedIn, unexcused, type Exception } from './advisories.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const exceptions = JSON.parse(
  readFileSync(join(packageRoot, 'packaging/audit-exceptions.json'), 'utf8'),
) as readonly Exception[];

const { direct, indirect } = deprecatedIn();
for (const line of direct) say(`deprecated: ${line}`);
for (const line of indirect) say(`deprecated, for the sake of another package: ${line}`);
if (direct.length > 0) process.exitCode = 1;

const found = await advisories();
if (!found) {
  say('The registry does not answer audits: nothing is known about advisories.');
  process.exitCode ??= 2;
} else {
  const open = unexcused(found, exceptions);
  for (const { severity, package: name, title, url } of open) say(`${severity}: ${name}: ${title} (${url})`);
  say(`${found.length} advisories, ${found.length - open.length} of them excused.`);
  if (open.length > 0) process.exitCode = 1;
}
