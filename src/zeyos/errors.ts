import type { UnusableReason } from './transport/certificateFile';
import { certificateProblem, type CertificateProblem } from './failures/certificateProblem';
import { connectionProblem, type ConnectionProblem } from './failures/connectionProblem';
import { handshakeProblem, type HandshakeProblem } from './failures/handshakeProblem';
import { mentionsOneTimeCode, namesOneTimeCode } from './oneTimeCode';
import type { Redirection } from './address/redirection';
import type { SentBy } from './transport/sentBy';
import { TimeoutError } from '../base/deadline';

/**
 * What can go wrong between the extension and an instance, told apart by class, never by message. The messages are for
 * logs; the user's sentences are made elsewhere. Cancelling is none of these: it is the `reason` of an `AbortSignal`.
 */

/** The server understood and said no (RFC 6749 section 5.2, RFC 6750 section 3.1). */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  /** The RFC's error code, as in `invalid_grant`. */
  readonly error: string;
  /** The server's own words: untrusted text. */
  readonly errorDescription: string | undefined;

  constructor(answer: { status: number; error: string; errorDescription?: string | undefined }) {
    // A code that looks like none is text of the server's, which may hold anything.
    super(`${answer.status} ${/^[\w.:-]+$/.test(answer.error) ? answer.error : 'with an error of its own'}`);
    this.status = answer.status;
    this.error = answer.error;
    this.errorDescription = answer.errorDescription;
  }

  /**
   * The server wants a one-time code, or did not accept the one it got. ZeyOS names no code for it, only words. In a description they
   * count only if the credentials were refused: 403 `access_denied` about an "OTP" is another matter.
   */
  get requiresOneTimeCode(): boolean {
    const refusesSignIn = this.status === 401 || this.error === 'invalid_grant';
    return namesOneTimeCode(this.error) || (refusesSignIn && mentionsOneTimeCode(this.errorDescription ?? ''));
  }

  /** User name or password are wrong: ask again. ZeyOS answers 401, and 403 with `invalid_grant`. */
  get rejectsCredentials(): boolean {
    return !this.requiresOneTimeCode && !this.rejectsClient && (this.status === 401 || this.error === 'invalid_grant');
  }

  /** Client id or secret are wrong; what the user signed in with may well be good. */
  get rejectsClient(): boolean {
    return this.error === 'invalid_client' || this.error === 'unauthorized_client';
  }

  /** The server could not say yes or no (RFC 6749 section 4.1.2.1): whether it did what it was asked for is not known. */
  get isPassing(): boolean {
    return this.error === 'server_error' || this.error === 'temporarily_unavailable';
  }

  /** The grant that a session lives on is no longer good. ZeyOS answers 403, the RFC says 400. */
  get endsSession(): boolean {
    return this.error === 'invalid_grant';
  }
}

/** A status that nobody explained: a proxy's page, a server in trouble, an address that is no ZeyOS. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    /** Milliseconds to wait before another try, from `Retry-After`. */
    readonly retryAfterMs?: number,
    /** Where a redirect leads to; redirects are never followed. */
    readonly redirection?: Redirection,
    /** Whether the server does not have what was asked for. */
    readonly isNotOffered = status === 404 || status === 405,
  ) {
    super(`HTTP status ${status}`);
  }

  get isRedirect(): boolean {
    return this.status >= 300 && this.status < 400;
  }
}

/** The codes of undici and Electron for a proxy that cannot be used. */
const PROXY_CODES: ReadonlySet<string | undefined> = new Set([
  'UND_ERR_PRX_TLS',
  'ERR_PROXY_CONNECTION_FAILED',
  'ERR_TUNNEL_CONNECTION_FAILED',
]);

/** What a proxy did, and which settings a request was sent by, as far as that is known. */
interface NetworkFacts {
  /** The status with which a proxy refused to connect. */
  readonly status?: number | undefined;
  /** The proxy, as `host[:port]`, where it was the proxy that could not be reached. */
  readonly host?: string | undefined;
  /** The names of the authentication schemes that the proxy offers, as in `Negotiate`. */
  readonly schemes?: readonly string[] | undefined;
  readonly sentBy?: SentBy | undefined;
}

/** No answer came: unknown host, refused, reset, TLS, or a proxy that did not let it through. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly proxyStatus: number | undefined;
  readonly proxyHost: string | undefined;
  readonly proxySchemes: readonly string[] | undefined;
  readonly sentBy: SentBy | undefined;

  constructor(
    /** Node's or Electron's error code, as in `ENOTFOUND` or `ERR_CONNECTION_REFUSED`; `undefined` where the editor's fetch tells none. */
    readonly code: string | undefined,
    cause: unknown,
    { status, host, schemes, sentBy }: NetworkFacts = {},
  ) {
    super(status !== undefined ? `proxy answered with ${status}` : (code ?? 'network error'), { cause });
    this.proxyStatus = status;
    this.proxyHost = host;
    this.proxySchemes = schemes;
    this.sentBy = sentBy;
  }

  /** Why no HTTP/1.1 could be spoken over TLS. The server cannot have processed the request. */
  get handshakeProblem(): HandshakeProblem | undefined {
    return handshakeProblem(this.code);
  }

  /** Why the certificate was not trusted; nothing was sent then. */
  get certificateProblem(): CertificateProblem | undefined {
    return certificateProblem(this.code);
  }

  /** Why there was no connection at all. */
  get connectionProblem(): ConnectionProblem | undefined {
    return connectionProblem(this.code);
  }

  /** The connection stood, but was not secure. */
  get isCertificate(): boolean {
    return (
      this.certificateProblem !== undefined || this.handshakeProblem !== undefined || this.code === 'UND_ERR_PRX_TLS'
    );
  }

  /** It is a proxy that failed, before the instance was asked. */
  get isProxy(): boolean {
    return this.proxyStatus !== undefined || this.proxyHost !== undefined || PROXY_CODES.has(this.code);
  }

  /** The server cannot have seen the request. */
  get isUnsent(): boolean {
    return this.isCertificate || this.isProxy || this.connectionProblem !== undefined;
  }

  /** Whether the same may succeed in a moment: a certificate, or what a proxy allows, does not change by asking again. */
  get mayPass(): boolean {
    return !this.isCertificate && (this.proxyStatus === undefined || this.proxyStatus >= 500);
  }
}

/** Why a request may not be sent as the settings are. */
export type SettingsProblem =
  | 'caFileRelative'
  | 'caFileMissing'
  | 'caFileUnreadable'
  | 'caFileNotPem'
  | 'proxyUnsupported'
  | 'proxyInvalid'
  | 'proxyCredentials'
  | 'proxyAuthorization'
  | 'clearTextProxy'
  | 'unverified';

/** The settings keep a request from being sent safely; nothing was sent. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  /** The settings and environment variables that the problem is about, by name. */
  readonly settings: readonly string[];
  /** What the file is, if it is no certificate. */
  readonly found: UnusableReason | undefined;

  constructor(
    readonly problem: SettingsProblem,
    /** The file that the problem is about. */
    readonly file?: string,
    {
      settings = [],
      found,
      ...options
    }: ErrorOptions & { readonly settings?: readonly string[]; readonly found?: UnusableReason } = {},
  ) {
    super(file === undefined ? [problem, ...settings].join(' ') : `${problem}: ${file}`, options);
    this.settings = file === undefined ? settings : ['caFile', ...settings];
    this.found = found;
  }
}

/** How an answer differs from what the protocol promises. */
type MalformedResponseProblem = 'webPage' | 'notJson' | 'member' | 'memberType' | 'tooLarge';

/** An answer came, but not what the protocol promises. */
export class MalformedResponseError extends Error {
  override readonly name = 'MalformedResponseError';
  constructor(
    readonly problem: MalformedResponseProblem,
    readonly status: number,
    /** The member that is missing or unusable; never a value. */
    readonly member = '',
    /** The JSON type of a member that is there and cannot be used. */
    readonly memberType = '',
  ) {
    super(MALFORMED[problem](member, memberType));
  }
}

const MALFORMED: Readonly<Record<MalformedResponseProblem, (member: string, memberType: string) => string>> = {
  webPage: () => 'answer is a web page',
  notJson: () => 'answer is not a JSON object',
  tooLarge: () => 'answer is too large',
  member: (member) => `answer has no '${member}'`,
  memberType: (member, memberType) => `answer has a '${member}' that cannot be used (${memberType})`,
};

/** Whether a failure says nothing about the session: it may well succeed later. */
export function isInconclusive(error: unknown): boolean {
  return (
    error instanceof NetworkError ||
    error instanceof SettingsError ||
    error instanceof TimeoutError ||
    error instanceof HttpError ||
    error instanceof MalformedResponseError
  );
}
