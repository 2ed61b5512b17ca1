const LONGEST_PAGE_BYTES = 8 * 1024;

/** The wording of nginx, IIS and other servers. */
const WORDS: readonly RegExp[] = [
  /no required ssl certificate was sent/i,
  /client certificate (is )?required/i,
  /requires? an? (valid )?(ssl |tls )?client certificate/i,
  /403\.7\b/,
];

/** nginx rejects a client without a certificate by a page, after the handshake. The response's body stays readable. */
export async function asksForClientCertificate({ protocol }: URL, response: Response): Promise<boolean> {
  if (protocol !== 'https:' || (response.status !== 400 && response.status !== 403)) return false;
  if (!/^text\//i.test(response.headers.get('content-type') ?? '')) return false;
  let page = '';
  const decoder = new TextDecoder('latin1');
  for await (const chunk of (response.clone().body ?? []) as AsyncIterable<Uint8Array>) {
    page += decoder.decode(chunk, { stream: true });
    if (page.length > LONGEST_PAGE_BYTES) break;
  }
  return WORDS.some((words) => words.test(page));
}
