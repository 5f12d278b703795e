import { expect } from 'chai';
import type { Response } from 'supertest';

/** A problem document as RFC 9457 and the frontends want it. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly [fact: string]: unknown;
}

/** The problem document of a reply, checked for what every one must be. */
export const problemOf = (reply: Response): ProblemBody => {
  expect(reply.type, reply.text.slice(0, 300)).to.equal('application/problem+json');
  const body = reply.body as ProblemBody;
  expect(body.status).to.equal(reply.status);
  for (const field of ['type', 'title', 'detail', 'code'] as const) {
    expect(body[field], `${field} of ${reply.text.slice(0, 300)}`)
      .to.be.a('string')
      .and.not.equal('');
  }
  return body;
};

/**
 * For supertest's `expect`: the reply is this problem.
 *
 *     await agent.post('/login').send(wrong).expect(problem(400, 'identity.wrong-credentials'));
 */
export const problem =
  (status: number, code?: string, detail?: string | RegExp) =>
  (reply: Response): void => {
    expect(reply.status, reply.text.slice(0, 300)).to.equal(status);
    const body = problemOf(reply);
    if (code !== undefined) expect(body.code, body.detail).to.equal(code);
    if (typeof detail === 'string') expect(body.detail).to.equal(detail);
    if (detail instanceof RegExp) expect(body.detail).to.match(detail);
  };
