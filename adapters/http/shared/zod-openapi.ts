import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

// Gives schemas their `.openapi()`; imported before any schema is made.
extendZodWithOpenApi(z);
