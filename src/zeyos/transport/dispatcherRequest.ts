import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';

/** The null body statuses of the Fetch standard. */
const WITHOUT_BODY = [204, 205, 304];

/** RFC 9110 section 8.4.1. */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Acts as `fetch` without redirects. undici's own `fetch` would make up most of the package. */
export async function requestThrough(dispatcher: Dispatcher, url: string, init: RequestInit): Promise<Response> {
  // `Request` applies the rules of `fetch` to headers and body.
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

/** Undoes the last coding first. Leaves a body with an unknown coding unchanged. */
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
  return decoders.reduce<Readable>((stream, decoder) => pipeline(stream, decoder(), () => undefined), body);
}

/** Node's types and those of its `fetch` declare the same stream differently. */
function toWeb(stream: Readable): ReadableStream {
  return Readable.toWeb(stream) as ReadableStream;
}
