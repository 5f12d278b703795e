import { expect } from 'chai';
import type { Express } from 'express';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import supertest from 'supertest';
import { openApiText } from '../../composition/openapi-text.js';
import { packageRoot, packageVersion } from '../../composition/package-root.js';
import { labsIn } from '../support/labs.js';
import { nameOf, needsSession, openApi, operationsOf, type Operation } from '../support/operations.js';
import { problem } from '../support/problem.js';
import { onMemory } from '../support/stores.js';

/** What rules.md leaves open to people without a session, and why nothing else is. */
const OPEN_PATHS = [
  '/health',
  '/ready',
  '/login',
  '/admin/login',
  '/users/register',
  '/admin/register',
  '/logout',
  '/session',
  '/api/auth/me',
  '/admin/checkAdminSession',
  '/admin/v2/invitations/accept',
];
/** Open to whoever holds a secret token. */
const TOKEN_PATHS = [/^\/api\/calendar\/.+\.ics$/, /^\/api\/events$/, /^\/metrics$/];

const document = openApi();
const operations = operationsOf(document);

/** Names those that break the rule, so that a failure says where. */
const expectOfAll = (rule: (operation: Operation) => boolean): void => {
  expect(operations.filter((operation) => !rule(operation)).map(nameOf)).to.deep.equal([]);
};

/** The path with every parameter filled in. */
const filled = (path: string): string => path.replace(/{\w+}/g, '1');

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** Every method and path that the app routes, in the document's words. */
const routesOf = (app: Express): string[] => {
  const walk = (layers: readonly Layer[]): string[] =>
    layers.flatMap(({ route, handle }) => [
      ...(route
        ? Object.keys(route.methods)
            // `all` answers the methods that a path does not have.
            .filter((method) => method !== '_all')
            .map((method) => `${method.toUpperCase()} ${route.path.replace(/:(\w+)/g, '{$1}')}`)
        : []),
      ...walk(handle.stack ?? []),
    ]);
  return walk((app as unknown as { router: { stack: readonly Layer[] } }).router.stack);
};

describe('docs/openapi.json', () => {
  it('is in step with the routes (if not: npm run openapi)', () => {
    expect(readFileSync(join(packageRoot, 'docs', 'openapi.json'), 'utf8')).to.equal(openApiText());
  });

  it('is OpenAPI 3.1 of this version', () => {
    expect(document.openapi).to.match(/^3\.1\./);
    expect(document.info).to.include({ title: 'OpenLab', version: packageVersion });
  });

  it('says what every operation is for, under one heading', () => {
    expectOfAll(({ summary, tags }) => (summary ?? '').length > 5 && tags?.length === 1);
  });

  it('states for every operation whether it needs a session', () => {
    expectOfAll(({ security }) => security !== undefined);
    expect(document.components.securitySchemes.session).to.deep.equal({
      type: 'apiKey',
      in: 'cookie',
      name: 'session_id',
    });
  });

  it('leaves open only what the rules leave open', () => {
    expectOfAll(
      (operation) =>
        needsSession(operation) ||
        OPEN_PATHS.includes(operation.path) ||
        TOKEN_PATHS.some((path) => path.test(operation.path)),
    );
  });

  it('describes one success of every operation, with the schema of its body', () => {
    expectOfAll(({ responses }) => {
      const successes = Object.keys(responses).filter((status) => status.startsWith('2'));
      const [status = ''] = successes;
      const { description = '', content } = responses[status] ?? {};
      const shaped = Object.values(content ?? {}).every(({ schema }) => schema !== undefined);
      return successes.length === 1 && description !== '' && shaped && (status === '204') === (content === undefined);
    });
  });

  it('describes the refusals of every operation as problem documents', () => {
    const isProblem = ({ responses }: Operation, status: string) =>
      responses[status]?.content?.['application/problem+json']?.schema?.$ref === '#/components/schemas/Problem';
    expectOfAll((operation) =>
      Object.keys(operation.responses).every((status) => status.startsWith('2') || isProblem(operation, status)),
    );
    expectOfAll((operation) => isProblem(operation, '422') && isProblem(operation, '500'));
    expectOfAll((operation) => !needsSession(operation) || isProblem(operation, '401'));
    expectOfAll((operation) => operation.method === 'get' || isProblem(operation, '403'));
    expectOfAll((operation) => operation.method === 'get' || isProblem(operation, '429'));
  });

  it('names every parameter of a path', () => {
    expectOfAll(({ path, parameters = [] }) => {
      const inPath = [...path.matchAll(/{(\w+)}/g)].map(([, name]) => name);
      const described = parameters.filter((parameter) => parameter.in === 'path' && parameter.required);
      return inPath.join() === described.map(({ name }) => name).join();
    });
  });

  it('says which requests a client may repeat without booking twice', () => {
    const repeatable = operations.filter(({ parameters = [] }) =>
      parameters.some(({ name, in: where }) => where === 'header' && name === 'idempotency-key'),
    );
    expect(repeatable.map(nameOf)).to.have.members([
      ...['POST /bookings', 'POST /api/bookings', 'POST /topology/book'],
      ...['POST /api/bookings/group/{groupId}/rebook'],
      ...['POST /bookings/rebook/{id}', 'POST /api/bookings/rebook/{id}'],
    ]);
  });

  it('has one operation for each method and path, whatever its parameters are called', () => {
    const shapes = operations.map(({ method, path }) => `${method} ${path.replace(/{\w+}/g, '{}')}`);
    expect(shapes.filter((shape, index) => shapes.indexOf(shape) !== index)).to.deep.equal([]);
  });
});

onMemory('the API documentation', (open) => {
  const openLab = labsIn(open);

  it('holds every route of the server and no other', async () => {
    const { app } = await openLab();
    const routes = new Set(routesOf(app));
    routes.delete('GET /openapi.json');
    expect([...routes].sort()).to.deep.equal(operations.map(nameOf).sort());
  });

  it('is served as the file in docs is', async () => {
    const { app } = await openLab({ http: { version: packageVersion } });
    const reply = await supertest(app)
      .get('/openapi.json')
      .expect(200)
      .expect('content-type', /^application\/json/);
    expect(reply.body).to.deep.equal(document);
  });

  it('tells the truth about who needs a session', async () => {
    const { server } = await openLab();
    for (const operation of operations) {
      const reply = await supertest(server)[operation.method](filled(operation.path));
      if (needsSession(operation)) problem(401, 'session.required')(reply);
      else if (!['/api/auth/me', '/api/events'].includes(operation.path))
        expect(reply.status, nameOf(operation)).to.not.equal(401);
      expect(Object.keys(operation.responses), nameOf(operation)).to.include(String(reply.status));
    }
  });

  it('answers methods that a path does not have with 405 and those that it has', async () => {
    const { app } = await openLab();
    const reply = await supertest(app).patch('/admin/devices').expect(problem(405, 'request.method'));
    expect(reply.get('Allow')).to.equal('GET, POST');
  });

  it('answers unknown paths with a problem document', async () => {
    const { app } = await openLab();
    await supertest(app).get('/no/such/page').expect(problem(404, 'request.no-route'));
  });

  it('is a page that needs nothing from elsewhere', async () => {
    const { server } = await openLab();
    const page = await supertest(server)
      .get('/docs')
      .redirects(1)
      .expect(200)
      .expect('content-type', /^text\/html/);
    const policy = String(page.get('content-security-policy'));
    expect(policy).to.include("default-src 'self'").and.include("script-src 'self'");

    const html = page.text;
    expect(html).to.include('OpenLab API');
    const assets = [...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="([^"]+)"/g)].map(([, asset]) => String(asset));
    expect(assets.length).to.be.greaterThan(3);
    for (const asset of assets) {
      expect(asset).to.not.match(/^(?:[a-z]+:)?\/\//i);
      const { pathname } = new URL(asset, 'http://lab/docs/');
      await supertest(server)
        .get(pathname)
        .expect(200)
        .expect('content-type', /javascript|css|png/);
    }
    expect(html.replaceAll('http://www.w3.org/', '')).to.not.match(/https?:\/\//);
    const options = await supertest(server).get('/docs/swagger-ui-init.js').expect(200);
    expect(options.text)
      .to.include('"/bookings/for-week"')
      .and.not.match(/https?:\/\//);
  });
});
