/** How much of a page is read, in bytes. */
const LONGEST_PAGE = 8 * 1024;

/** What nginx, IIS and others write on the page. */
const WORDS =
  /no required ssl certificate was sent|client certificate (is )?required|requires? an? (valid )?(ssl |tls )?client certificate|403\.7\b/i;

/**
 * Whether a server, or a gateway before it, refuses a request because the client has no certificate. nginx completes the handshake, and
 * answers with such a page. Leaves the body of the response to be read.
 */
export async function asksForClientCertificate({ protocol }: URL, response: Response): Promise<boolean> {
  if (protocol !== 'https:' || (response.status !== 400 && response.status !== 403)) return false;
  if (!/^text\//i.test(response.headers.get('content-type') ?? '')) return false;
  let page = '';
  const decoder = new TextDecoder('latin1');
  for await (const chunk of (response.clone().body ?? []) as AsyncIterable<Uint8Array>) {
    page += decoder.decode(chunk, { stream: true });
    if (page.length > LONGEST_PAGE) break;
  }
  return WORDS.test(page);
}
