import { packageRoot } from '../composition/package-root.js';
import { packDomain } from './pack-domain.js';

/** `npm run pack:domain [-- FOLDER]` */
const { filename, size, files } = await packDomain(process.argv[2] ?? packageRoot);
process.stdout.write(`${filename}: ${files.length} files, ${Math.ceil(size / 1000)} kB\n`);
