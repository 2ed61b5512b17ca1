import {
  acceptTokens,
  introspected,
  isBearerRejected,
  isRevoked,
  passwordRejection,
  requireSuccess,
  sendConfirming401,
  type Answer,
  type Discard,
} from './answer';
import type { PasswordCredentials } from './authV1';
import { OAuthError } from './errors';
import type { HttpClient, HttpRequest, HttpResponse } from './transport/http';
import {
  parseLegacyUser,
  parseLoginResponse,
  refuseWebPage,
  type IntrospectionResponse,
  type LoginResponse,
} from './messages';
import { oneTimeCodeDemand } from './oneTimeCodeDemand';
import type { PlatformUrl } from './address/platform';

/** ZeyOS's legacy login: `{platform}/auth/v1` on servers without `/token`. For the errors, see `authV1.ts`. */

/**
 * `POST /login`. Never repeated: if the response was lost, the server may have issued a token.
 * @param appSecret the secret of the application that the token then belongs to
 * @param identifier `^[a-zA-Z0-9_.:-]+$`, one for each device and account. A login replaces the earlier token.
 * @throws {OAuthError} `rejectsCredentials`, `requiresOneTimeCode`, or `rejectsClient` if `appSecret` is wrong or
 * missing
 */
export async function login(
  http: HttpClient,
  platform: PlatformUrl,
  credentials: PasswordCredentials,
  identifier: string,
  appSecret?: string,
  discard?: Discard,
): Promise<Answer<LoginResponse>> {
  const { username: name, password, oneTimeCode } = credentials;
  const form = {
    name,
    password,
    identifier,
    ...(oneTimeCode !== undefined && { otp: oneTimeCode }),
    ...(appSecret !== undefined && { appsecret: appSecret }),
  };
  const response = await http.send({
    method: 'POST',
    url: platform.endpoint('auth/v1/login'),
    form,
    idempotent: false,
  });
  const demand = oneTimeCodeDemand(response);
  if (demand) throw demand;
  try {
    if (response.status === 401) throw passwordRejection(response, platform, true);
    return await acceptTokens(
      response,
      () => (requireSuccess(response, platform), parseLoginResponse(response)),
      discard,
    );
  } catch (error) {
    throw withApplicationRejection(error as Error, appSecret);
  }
}

/** Turns a rejection into `invalid_client` if its text is about the application. */
function withApplicationRejection(rejection: Error, appSecret: string | undefined): Error {
  if (!(rejection instanceof OAuthError) || rejection.requiresOneTimeCode) return rejection;
  const { status, error, errorDescription } = rejection;
  const words =
    appSecret === undefined
      ? /\bapp(lication)?[-_ ]?secret\b/i
      : /\b(app(lication)?[-_ ]?secret|application|client|anwendung)/i;
  const isAboutApplication = words.test(`${error} ${errorDescription ?? ''}`);
  return isAboutApplication ? new OAuthError({ status, error: 'invalid_client', errorDescription }) : rejection;
}

/** `GET /` returns the user of an active token. */
export async function introspectToken(
  http: HttpClient,
  platform: PlatformUrl,
  token: string,
  signal?: AbortSignal,
): Promise<Answer<IntrospectionResponse>> {
  const response = await sendBearer(http, platform, 'auth/v1/?access=1', token, signal);
  return introspected(response, platform, parseLegacyUser);
}

/** `GET /logout`. */
export async function logout(
  http: HttpClient,
  platform: PlatformUrl,
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  const response = await sendBearer(http, platform, 'auth/v1/logout', token, signal);
  if (isRevoked(response, platform)) return;
  // Only an introspection proves that a rejected token has ended.
  if (isBearerRejected(response) && !(await introspectToken(http, platform, token, signal)).value.active) return;
  requireSuccess(response, platform);
  refuseWebPage(response);
}

function sendBearer(
  http: HttpClient,
  platform: PlatformUrl,
  path: string,
  token: string,
  signal?: AbortSignal,
): Promise<HttpResponse> {
  const request: HttpRequest = {
    method: 'GET',
    url: platform.endpoint(path),
    headers: { Authorization: `Bearer ${token}` },
    idempotent: true,
  };
  return sendConfirming401(http, platform, request, signal);
}
