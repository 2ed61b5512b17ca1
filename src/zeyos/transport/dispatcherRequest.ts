import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';

/** Statuses whose answer has no body, and for which `Response` takes none (Fetch standard, null body status). */
const WITHOUT_BODY = [204, 205, 304];

/** What decodes a body, by the `Content-Encoding` (RFC 9110 section 8.4.1). */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Sends a request as `fetch` does, through a dispatcher of undici. undici's own `fetch` would be most of the package's code. Redirects are
 * never followed.
 */
export async function requestThrough(dispatcher: Dispatcher, url: string, init: RequestInit): Promise<Response> {
  // The platform's own rules for headers and bodies.
  const request = new Request(url, init);
  const { origin, pathname, search } = new URL(request.url);
  const body = request.body === null ? null : Buffer.from(await request.arrayBuffer());
  const answer = await dispatcher
    .request({
      origin,
      path: pathname + search,
      method: request.method,
      headers: {
        'accept-language': '*',
        'user-agent': 'node',
        ...Object.fromEntries(request.headers),
        'accept-encoding': 'gzip, br',
      },
      body,
      signal: request.signal,
    })
    .catch((cause: unknown) => {
      init.signal?.throwIfAborted();
      throw new TypeError('fetch failed', { cause });
    });
  const headers = headersOf(answer.headers);
  const { statusCode: status } = answer;
  if (WITHOUT_BODY.includes(status) || request.method === 'HEAD') {
    await answer.body.dump();
    return new Response(null, { status, headers });
  }
  return new Response(toWeb(decoded(answer.body, headers)), { status, headers });
}

function headersOf(received: Readonly<Record<string, string | readonly string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(received))
    for (const value of [values ?? []].flat()) headers.append(name, value);
  return headers;
}

/** The body without its content codings, the last of which was applied last. A body with an unknown coding stays as it is. */
function decoded(body: Readable, headers: Headers): Readable {
  const codings = (headers.get('content-encoding') ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter(Boolean);
  const decoders = codings
    .toReversed()
    .map((coding) => (Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined));
  if (!decoders.every((decoder) => decoder !== undefined)) return body;
  // An error reaches the reader through the last stream.
  return decoders.reduce<Readable>((stream, decoder) => pipeline(stream, decoder(), () => undefined), body);
}

/** The types of Node and of its `fetch` name the same stream differently. */
function toWeb(stream: Readable): ReadableStream {
  return Readable.toWeb(stream) as ReadableStream;
}
