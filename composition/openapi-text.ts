import { openApiDocument } from '../adapters/http/server.js';
import { logging, memoryPersistence } from './adapters.js';
import { compose } from './compose.js';
import { loadConfig } from './config.js';
import { packageVersion } from './package-root.js';

/** The OpenAPI document of the server's routes, as it is kept in docs/openapi.json. */
export const openApiText = (): string => {
  const lab = compose(loadConfig({}), { persistence: memoryPersistence(), logging: logging('silent') });
  return `${JSON.stringify(openApiDocument(lab.httpParts, packageVersion), null, 2)}\n`;
};
