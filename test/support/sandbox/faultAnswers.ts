import { STATUS_CODES } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TLSSocket } from 'node:tls';
import { createGzip } from 'node:zlib';
import type { Clock } from '../../../src/base/clock';
import type { Exchange } from './exchange';
import type { Fault, LostAnswer } from './faults';
import { htmlPage } from './html';

const json = { 'Content-Type': 'application/json; charset=utf-8' };
/** The beginning of a valid answer that is then cut off. */
const beginning = '{"token_type":"Bearer","access_token":"0123456789abcdef';

/** RFC 9113, sections 6.5 and 6.8. */
const HTTP2_FRAMES = {
  SETTINGS: '\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64',
  GOAWAY: '\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01',
};

/** Answers with a fault. May reject when the client has closed the connection. */
export async function answerWith(
  fault: Exclude<Fault, { kind: 'delay' | 'lostAnswer' | 'issuer' }>,
  exchange: Exchange,
  wait: Clock['wait'],
): Promise<void> {
  switch (fault.kind) {
    case 'hang':
      return;
    case 'reset':
      reset(exchange);
      return;
    case 'truncated':
      exchange.head(200, { ...json, 'Content-Length': 4096 });
      exchange.response.write(beginning, () => exchange.request.socket.destroy());
      return;
    case 'html': {
      const { status = 502 } = fault;
      const title = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
      exchange.html(status, htmlPage(title, '<p>The proxy got no answer it could pass on.</p>'));
      return;
    }
    case 'json':
      exchange.json(fault.status ?? 200, fault.body, fault.headers);
      return;
    case 'text':
      exchange.text(fault.status ?? 200, fault.body, fault.headers);
      return;
    case 'huge':
      exchange.head(200, json);
      await pipeline(Readable.from(hugeJson()), exchange.response);
      return;
    case 'bomb':
      exchange.head(200, { ...json, 'Content-Encoding': 'gzip' });
      await pipeline(Readable.from(bomb()), createGzip({ level: 9 }), exchange.response);
      return;
    case 'slowDrip':
      await drip(exchange, fault.everyMs, wait);
      return;
    case 'raw':
      exchange.request.socket.end(fault.bytes, 'latin1');
      return;
    case 'http2Frame':
      exchange.request.socket.end(HTTP2_FRAMES[fault.frame], 'latin1');
      return;
    case 'clientCertificatePage': {
      const title = '400 No required SSL certificate was sent';
      exchange.html(
        400,
        htmlPage(
          title,
          `<center><h1>400 Bad Request</h1></center><center>${title.slice(4)}</center><hr><center>nginx</center>`,
        ),
      );
      return;
    }
    case 'status':
      exchange.text(
        fault.status,
        STATUS_CODES[fault.status] ?? '',
        fault.retryAfterSeconds === undefined ? {} : { 'Retry-After': fault.retryAfterSeconds },
      );
      return;
    case 'oneTimeCode':
      if (fault.as === 'json') {
        exchange.json(fault.status ?? 401, { error: 'invalid_grant', error_description: fault.words });
      } else {
        exchange.text(fault.status ?? 401, fault.words);
      }
      return;
    case 'redirect':
      exchange.text(fault.status ?? 302, 'Elsewhere', { Location: fault.location });
      return;
  }
}

/**
 * Lets whatever answer this exchange gets go astray.
 * @param onHang called if there is an answer, and the client does not get it
 */
export function loseAnswer(how: LostAnswer, exchange: Exchange, onHang: () => void): void {
  exchange.deliver = (status, body, headers) => {
    if (how === 'hang') {
      onHang();
    } else if (how === 'reset') {
      reset(exchange);
    } else if (how === 'truncated') {
      exchange.head(status, headers);
      exchange.response.write(body.slice(0, body.length / 2), () => exchange.request.socket.destroy());
    }
  };
}

export function addIssuer(iss: string, exchange: Exchange): void {
  const { deliver } = exchange;
  exchange.deliver = (status, body, headers) => {
    const { Location: location } = headers;
    if (typeof location !== 'string') return deliver(status, body, headers);
    deliver(status, body, {
      ...headers,
      Location: `${location}${location.includes('?') ? '&' : '?'}iss=${encodeURIComponent(iss)}`,
    });
  };
}

function reset({ request: { socket } }: Exchange): void {
  // Node can send a reset only on a plain socket. Under TLS the connection is closed, which clients report alike.
  if (socket instanceof TLSSocket) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}

function* hugeJson(): Generator<string> {
  yield '{"token_type":"Bearer","access_token":"';
  for (let block = 0; block < 80; block += 1) {
    yield 'a'.repeat(64 * 1024);
  }
  yield '"}';
}

function* bomb(): Generator<string> {
  yield '{"active":true,"access_token":"';
  const block = 'a'.repeat(1 << 20);
  for (let count = 0; count < 64; count += 1) yield block;
  yield '"}';
}

async function drip(exchange: Exchange, everyMs: number, wait: Clock['wait']): Promise<void> {
  exchange.head(200, json);
  for (let index = 0; !exchange.closed.aborted; index += 1) {
    exchange.response.write(beginning[index] ?? '0');
    await wait(everyMs, exchange.closed);
  }
}
