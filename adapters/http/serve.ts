import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';

const TOO_LARGE = 'HPE_HEADER_OVERFLOW';

/** What is told to somebody whose request could not even be read as HTTP: no route and no session is known then. */
const replyTo = (error: NodeJS.ErrnoException): string => {
  const [status, code, detail] =
    error.code === TOO_LARGE
      ? ([431, 'request.too-large', 'The address and the headers are longer than this server reads.'] as const)
      : ([400, 'request.unreadable', 'This is not an HTTP request.'] as const);
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ type: `urn:openlab:${code}`, title, status, detail, code });
  return [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
};

/**
 * Longer than proxies keep an idle connection (nginx 60 s), in milliseconds: whoever closes first must be the one that
 * sends, or a request meets a connection that was closed in the same moment and is lost.
 */
const IDLE_CONNECTION = 75_000;

/** A server for the app that answers unreadable requests with a problem document too. It does not listen yet. */
export const serve = (app: RequestListener): Server =>
  createServer({ keepAliveTimeout: IDLE_CONNECTION }, app).on(
    'clientError',
    (error: NodeJS.ErrnoException, socket: Duplex) => {
      if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
      else socket.end(replyTo(error));
    },
  );
