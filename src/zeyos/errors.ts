import type { UnusableReason } from './transport/certificateFile';
import { certificateProblem, type CertificateProblem } from './failures/certificateProblem';
import { connectionProblem, type ConnectionProblem } from './failures/connectionProblem';
import { handshakeProblem, type HandshakeProblem } from './failures/handshakeProblem';
import { mentionsOneTimeCode, namesOneTimeCode } from './oneTimeCode';
import type { Redirection } from './address/redirection';
import type { SentBy } from './transport/sentBy';
import { TimeoutError } from '../base/deadline';

/**
 * The failures of a request. Messages are for logs; `dialog/failure` has the sentences for users. A cancellation is
 * none of them: it is the `reason` of an `AbortSignal`.
 */

/** The server understood the request and rejected it (RFC 6749 section 5.2, RFC 6750 section 3.1). */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  /** Such as `invalid_grant`. */
  readonly error: string;
  /** Untrusted text of the server. */
  readonly errorDescription: string | undefined;

  constructor(answer: { status: number; error: string; errorDescription?: string | undefined }) {
    // Other text of the server must not get into a log.
    super(`${answer.status} ${/^[\w.:-]+$/.test(answer.error) ? answer.error : 'with an error of its own'}`);
    this.status = answer.status;
    this.error = answer.error;
    this.errorDescription = answer.errorDescription;
  }

  /**
   * The server demands a one-time code, or rejects the one it received. ZeyOS says so only in a description, which
   * counts only if the server rejects the credentials: a 403 `access_denied` that mentions an "OTP" has another
   * meaning.
   */
  get requiresOneTimeCode(): boolean {
    const rejectsSignIn = this.status === 401 || this.error === 'invalid_grant';
    return namesOneTimeCode(this.error) || (rejectsSignIn && mentionsOneTimeCode(this.errorDescription ?? ''));
  }

  /** ZeyOS answers 401, or 403 with `invalid_grant`. */
  get rejectsCredentials(): boolean {
    return !this.requiresOneTimeCode && !this.rejectsClient && (this.status === 401 || this.error === 'invalid_grant');
  }

  /** The server rejects the client ID or secret. The user's credentials may be right. */
  get rejectsClient(): boolean {
    return this.error === 'invalid_client' || this.error === 'unauthorized_client';
  }

  /** RFC 6749 section 4.1.2.1. It is unknown whether the server processed the request. */
  get isPassing(): boolean {
    return this.error === 'server_error' || this.error === 'temporarily_unavailable';
  }

  /** ZeyOS rejects the grant of a session with 403; the RFC says 400. */
  get endsSession(): boolean {
    return this.error === 'invalid_grant';
  }
}

/** A failure status without an error code: from a proxy, a server in trouble, or a server without ZeyOS. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    /** From `Retry-After`. */
    readonly retryAfterMs?: number,
    /** Redirects are never followed. */
    readonly redirection?: Redirection,
    readonly isNotOffered = status === 404 || status === 405,
  ) {
    super(`HTTP status ${status}`);
  }

  get isRedirect(): boolean {
    return this.status >= 300 && this.status < 400;
  }
}

/** Electron's code for a proxy that does not connect to the server. */
export const TUNNEL_FAILED = 'ERR_TUNNEL_CONNECTION_FAILED';

/** Codes of undici and Electron. */
const PROXY_CODES: ReadonlySet<string | undefined> = new Set([
  'UND_ERR_PRX_TLS',
  'ERR_PROXY_CONNECTION_FAILED',
  TUNNEL_FAILED,
]);

interface NetworkFacts {
  /** The status with which a proxy rejected the connection. */
  readonly status?: number | undefined;
  /** The unreachable proxy, as `host[:port]`. */
  readonly host?: string | undefined;
  /** The proxy's authentication schemes, such as `Negotiate`. */
  readonly schemes?: readonly string[] | undefined;
  readonly sentBy?: SentBy | undefined;
}

/** No answer came: the host is unknown, or the connection, TLS or a proxy failed. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly proxyStatus: number | undefined;
  readonly proxyHost: string | undefined;
  readonly proxySchemes: readonly string[] | undefined;
  readonly sentBy: SentBy | undefined;

  constructor(
    /** Node's or Electron's error code, such as `ENOTFOUND`; `undefined` if the editor's fetch has none. */
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

  /** The server has not received the request. */
  get handshakeProblem(): HandshakeProblem | undefined {
    return handshakeProblem(this.code);
  }

  /** Nothing was sent. */
  get certificateProblem(): CertificateProblem | undefined {
    return certificateProblem(this.code);
  }

  get connectionProblem(): ConnectionProblem | undefined {
    return connectionProblem(this.code);
  }

  /** There was a connection, but it was not secure. */
  get isCertificate(): boolean {
    return (
      this.certificateProblem !== undefined || this.handshakeProblem !== undefined || this.code === 'UND_ERR_PRX_TLS'
    );
  }

  /** A proxy failed before it sent the request on. */
  get isProxy(): boolean {
    return this.proxyStatus !== undefined || this.proxyHost !== undefined || PROXY_CODES.has(this.code);
  }

  /** The server has not received the request. */
  get isUnsent(): boolean {
    return this.isCertificate || this.isProxy || this.connectionProblem !== undefined;
  }

  /** A repetition changes neither a certificate nor the rules of a proxy. */
  get mayPass(): boolean {
    return !this.isCertificate && (this.proxyStatus === undefined || this.proxyStatus >= 500);
  }
}

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

/** With these settings, the request cannot be sent safely. Nothing was sent. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  /** Settings or environment variables. */
  readonly settings: readonly string[];
  /** What the file contains instead of a certificate. */
  readonly found: UnusableReason | undefined;

  constructor(
    readonly problem: SettingsProblem,
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

type MalformedResponseProblem = 'webPage' | 'notJson' | 'member' | 'memberType' | 'tooLarge';

export class MalformedResponseError extends Error {
  override readonly name = 'MalformedResponseError';
  constructor(
    readonly problem: MalformedResponseProblem,
    readonly status: number,
    /** The missing or unusable member. */
    readonly member = '',
    /** A JSON type. */
    readonly memberType = '',
  ) {
    super(`${MALFORMED[problem](member, memberType)} (status ${status})`);
  }
}

const MALFORMED: Readonly<Record<MalformedResponseProblem, (member: string, memberType: string) => string>> = {
  webPage: () => 'answer is a web page',
  notJson: () => 'answer is not a JSON object',
  tooLarge: () => 'answer is too large',
  member: (member) => `answer has no '${member}'`,
  memberType: (member, memberType) => `answer has a '${member}' that cannot be used (${memberType})`,
};

/** The failure does not show whether the session is valid. */
export function isInconclusive(error: unknown): boolean {
  return (
    error instanceof NetworkError ||
    error instanceof SettingsError ||
    error instanceof TimeoutError ||
    error instanceof HttpError ||
    error instanceof MalformedResponseError
  );
}
