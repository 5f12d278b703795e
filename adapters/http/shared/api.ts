import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { signedInCallerOf, type Caller } from './caller.js';
import { malformedRequest } from './problem-handler.js';
import { sendProblem } from './problem.js';
import './zod-openapi.js';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

const nothing = z.object({});

interface Endpoint<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Reply extends z.ZodType,
  Context,
> {
  readonly method: Method;
  /** In OpenAPI's form, `/bookings/{id}`; the first is the one to use, the others are kept for old clients. */
  readonly paths: readonly [string, ...string[]];
  readonly tag: string;
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  /** Headers that make a difference, for the document; the handler reads them itself. */
  readonly headers?: z.ZodObject;
  readonly body?: Body;
  /** Bodies that are not JSON, by content type, for the document; the handler reads them itself. */
  readonly otherBodies?: Readonly<Record<string, z.ZodType>>;
  /** The body may be left out altogether. */
  readonly bodyOptional?: boolean;
  readonly reply: {
    readonly status: number;
    readonly schema: Reply;
    readonly description: string;
    /** JSON unless given; a handler that answers with something else sends it itself. */
    readonly contentType?: string;
  };
  /** Statuses of the refusals that this route knows of its own; those of `everywhere` go without saying. */
  readonly refusals?: readonly (400 | 401 | 403 | 404 | 409 | 412 | 413 | 429 | 503)[];
  /** Runs before the request is read, for example a limit. */
  readonly before?: readonly RequestHandler[];
  handle(
    input: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body> },
    context: Context,
  ): z.input<Reply> | Promise<z.input<Reply>>;
}

export interface OpenContext {
  readonly request: Request;
  readonly response: Response;
}

export interface SignedInContext extends OpenContext {
  readonly caller: Caller;
}

const ProblemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.object({ path: z.string().optional(), message: z.string().optional() }).loose()).optional(),
  })
  .loose()
  .openapi('Problem');

const refusalTitles: Readonly<Record<number, string>> = {
  400: 'A rule forbids it',
  401: 'Not signed in',
  403: 'Not permitted',
  404: 'Not found',
  409: 'Somebody else was first',
  412: 'It was changed since it was read',
  413: 'Too large',
  415: 'Encoding or charset not supported',
  422: 'Malformed request',
  429: 'Too many requests',
  500: 'Unexpected error',
  503: 'Unavailable now',
};

/** What every route of a kind may answer: changes have a limit, a largest body, and an origin that must be ours. */
const everywhere = (sessionNeeded: boolean, method: Method): number[] => [
  ...(sessionNeeded ? [401] : []),
  ...(method === 'get' ? [] : [403, 413, 415, 429]),
  422,
  500,
];

/**
 * Declares routes once: the same schemas validate requests, shape replies (what a schema does not name never leaves)
 * and document both.
 */
export class Api {
  readonly router = Router();
  readonly #registry = new OpenAPIRegistry();
  readonly #methods = new Map<string, Method[]>();

  constructor() {
    this.#registry.registerComponent('securitySchemes', 'session', {
      type: 'apiKey',
      in: 'cookie',
      name: 'session_id',
    });
  }

  /** A route for anybody. */
  open<
    P extends z.ZodObject = typeof nothing,
    Q extends z.ZodObject = typeof nothing,
    B extends z.ZodType = z.ZodUnknown,
    R extends z.ZodType = z.ZodType,
  >(endpoint: Endpoint<P, Q, B, R, OpenContext>): this {
    return this.#add(endpoint, false, (request, response) => ({ request, response }));
  }

  /** A route for people with a session; without one it answers 401. */
  signedIn<
    P extends z.ZodObject = typeof nothing,
    Q extends z.ZodObject = typeof nothing,
    B extends z.ZodType = z.ZodUnknown,
    R extends z.ZodType = z.ZodType,
  >(endpoint: Endpoint<P, Q, B, R, SignedInContext>): this {
    return this.#add(endpoint, true, (request, response) => ({ request, response, caller: signedInCallerOf(request) }));
  }

  /** After the last route: known paths answer other methods with 405. */
  refuseOtherMethods(): void {
    for (const [path, methods] of this.#methods) {
      const allow = methods.map((method) => method.toUpperCase()).join(', ');
      this.router.all(expressPath(path), (_request, response) => {
        response.set('Allow', allow);
        sendProblem(response, { status: 405, code: 'request.method', detail: `Use ${allow} here.` });
      });
    }
  }

  /** The OpenAPI 3.1 document of everything declared. */
  document(info: { readonly title: string; readonly version: string; readonly description: string }): object {
    return new OpenApiGeneratorV31(this.#registry.definitions).generateDocument({
      openapi: '3.1.0',
      info,
      servers: [{ url: '/' }],
    });
  }

  #add<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType, Context>(
    endpoint: Endpoint<P, Q, B, R, Context>,
    sessionNeeded: boolean,
    contextOf: (request: Request, response: Response) => Context,
  ): this {
    for (const path of endpoint.paths) this.#document(endpoint, path, sessionNeeded);
    const { params, query, body, reply } = endpoint;
    const handler: RequestHandler = async (request, response) => {
      const context = contextOf(request, response);
      const answer = await endpoint.handle(
        {
          params: read(params ?? nothing, request.params) as z.output<P>,
          query: read(query ?? nothing, request.query) as z.output<Q>,
          body: (body && !(endpoint.bodyOptional && request.body === undefined)
            ? read(body, request.body)
            : undefined) as z.output<B>,
        },
        context,
      );
      if (reply.contentType !== undefined) return;
      response.status(reply.status);
      if (reply.status === 204) response.end();
      else response.json(reply.schema.parse(answer));
    };
    for (const path of endpoint.paths) {
      this.#methods.set(path, [...(this.#methods.get(path) ?? []), endpoint.method]);
      this.router[endpoint.method](expressPath(path), ...(endpoint.before ?? []), handler);
    }
    return this;
  }

  #document<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType, Context>(
    {
      method,
      paths,
      tag,
      summary,
      params,
      query,
      headers,
      body,
      otherBodies = {},
      bodyOptional,
      reply,
      refusals = [],
    }: Endpoint<P, Q, B, R, Context>,
    path: string,
    sessionNeeded: boolean,
  ): void {
    const statuses = [...refusals, ...everywhere(sessionNeeded, method)];
    const problemsOf = statuses.map((status) => [
      status,
      {
        description: refusalTitles[status] ?? 'Refused',
        content: { 'application/problem+json': { schema: ProblemDocument } },
      },
    ]);
    const bodies = Object.fromEntries(
      Object.entries({ ...(body && { 'application/json': body }), ...otherBodies }).map(([contentType, schema]) => [
        contentType,
        { schema },
      ]),
    );
    this.#registry.registerPath({
      method,
      path,
      summary,
      tags: [tag],
      ...(path !== paths[0] && { deprecated: true, description: `The same as \`${paths[0]}\`.` }),
      security: sessionNeeded ? [{ session: [] }] : [],
      request: {
        ...(params && { params }),
        ...(query && { query }),
        ...(headers && { headers }),
        ...(Object.keys(bodies).length > 0 && { body: { required: !bodyOptional, content: bodies } }),
      },
      responses: {
        [reply.status]: {
          description: reply.description,
          ...(reply.status !== 204 && {
            content: { [reply.contentType ?? 'application/json']: { schema: reply.schema } },
          }),
        },
        ...(Object.fromEntries(problemsOf) as object),
      },
    });
  }
}

const expressPath = (path: string): string => path.replace(/{(\w+)}/g, ':$1');

/** @throws DomainError `request.malformed` naming every field that the schema does not allow. */
export const read = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> => {
  const result = schema.safeParse(value);
  if (!result.success) throw malformedRequest(result.error);
  return result.data;
};
