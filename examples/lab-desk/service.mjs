import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { DomainError, malformed, notFound } from 'openlab-domain';
import { LabRules } from './rules.mjs';

const rules = new LabRules(JSON.parse(readFileSync(new URL('lab.json', import.meta.url), 'utf8')));
// The bookings of the example stay where they are while the years go by.
const now = () => (process.env.NOW ? Date.parse(process.env.NOW) : Date.now());
const deeds = {
  'POST /check': (question) => rules.check(question, now()),
  'POST /resolve': (question) => rules.resolve(question, now()),
};
const statuses = { malformed: 400, invalid: 400, 'not-found': 404 };

const questionIn = async (request) => {
  try {
    const question = JSON.parse(await text(request));
    if (typeof question === 'object' && question !== null) return question;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw malformed('desk.no-question', 'The body must be a JSON object.');
};

const answerTo = async (request) => {
  const deed = deeds[`${request.method} ${request.url}`];
  if (!deed) throw notFound('desk.no-such-deed', 'There are POST /check and POST /resolve.');
  return deed(await questionIn(request));
};

const server = createServer((request, response) => {
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  answerTo(request).then(
    (body) => answer(200, body),
    (error) => {
      if (error instanceof DomainError) {
        const { kind, code, message: detail } = error;
        return answer(statuses[kind] ?? 409, { code, detail });
      }
      console.error(error);
      return answer(500, { code: 'desk.fault', detail: 'Something went wrong here.' });
    },
  );
});
server.listen(process.env.PORT ?? 8080, () => console.log(`http://localhost:${server.address().port}`));
