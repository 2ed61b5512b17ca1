import type { SignInMethod } from '../session/model/instance';
import { answer } from '../zeyos/answer';
import { NetworkError, SettingsError } from '../zeyos/errors';
import { failure, type HttpResponse } from '../zeyos/transport/http';
import { isWebPage } from '../zeyos/messages';
import { schemesOf } from '../zeyos/transport/proxyAuthentication';
import { bad, good, unknown, warning, type Facts, type Finding } from './finding';
import type { Probe } from './probes';
import { TimeoutError } from '../base/deadline';

/** A larger clock skew gets a warning. Tokens live for at least an hour. */
const WRONG_CLOCK_MS = 60_000;

export function judgeAnswer(probes: readonly Probe[]): Finding {
  if (probes.some(({ offered }) => offered)) return good('answer.zeyos');
  const { response, error } = probes.find(({ offered }) => offered === undefined) ?? {};
  if (response) return judgeResponse(response);
  return error ? judgeError(error) : bad('answer.notZeyos', { status: 404 });
}

/** Judges whether the offered APIs include the configured sign-in method. */
export function judgeApis(probes: readonly Probe[], method: SignInMethod | undefined): Finding {
  const apis = probes.filter(({ offered }) => offered).map(({ api }) => api);
  if (apis.length === 0) return unknown('apis.unknown');
  if (method === 'browser' && !apis.includes('oauth2')) return warning('apis.methodMissing', { apis, method });
  if (method === 'password' && !apis.some((api) => api !== 'oauth2'))
    return warning('apis.methodMissing', { apis, method });
  // If authV1 is offered, legacy does not matter.
  const unclear = probes
    .filter(({ offered, api }) => offered === undefined && !(api === 'legacy' && apis.includes('authV1')))
    .map(({ api }) => api);
  return unclear.length === 0 ? good('apis.offered', { apis }) : warning('apis.offered', { apis, unclear });
}

/** Judges the server's clock skew by an answer that comes from ZeyOS. */
export function judgeClock(probes: readonly Probe[]): Finding {
  const response = probes.find((probe) => probe.offered && probe.response?.headers.has('date'))?.response;
  if (!response) return unknown('clock.unknown');
  const { clockSkewMs } = answer(response, undefined);
  const facts = { seconds: Math.round(Math.abs(clockSkewMs) / 1000) };
  const code = clockSkewMs === 0 ? 'clock.inStep' : clockSkewMs > 0 ? 'clock.ahead' : 'clock.behind';
  return Math.abs(clockSkewMs) < WRONG_CLOCK_MS ? good(code, facts) : warning(code, facts);
}

function judgeResponse(response: HttpResponse): Finding {
  const { status } = response;
  const isPage = isWebPage(response.body);
  const { isRedirect, redirection, retryAfterMs } = failure(response);
  const schemes = schemesOf([response.headers.get('proxy-authenticate') ?? '']);
  if (status === 407) return bad('answer.proxyAuthentication', schemes.length === 0 ? undefined : { schemes });
  if (status === 429) return warning('answer.busy', { seconds: Math.ceil((retryAfterMs ?? 60_000) / 1000) });
  // RFC 6585 section 6: the network has a login of its own.
  if (status === 511) return bad('answer.page', { status });
  if (status >= 500) return bad(isPage ? 'answer.gateway' : 'answer.serverError', { status });
  if (isRedirect) return bad('answer.redirect', { status, host: redirection?.address ?? '' });
  return bad(isPage ? 'answer.page' : 'answer.notZeyos', { status });
}

function judgeError(error: Error): Finding {
  if (error instanceof TimeoutError) return bad('answer.late', { seconds: Math.round(error.afterMs / 1000) });
  if (error instanceof SettingsError) return bad(`answer.${error.problem}`, settingsFacts(error));
  if (!(error instanceof NetworkError)) return bad('answer.cut', { error: error.message });
  const { code = error.message } = error;
  if (error.handshakeProblem) return bad('answer.handshake', { error: code });
  if (error.certificateProblem) return bad('answer.certificate', { error: code });
  switch (error.connectionProblem) {
    case 'unknownHost':
      return bad('answer.unknownHost');
    case 'refused':
      return bad('answer.refused');
    case 'noRoute':
    case undefined:
      return bad('answer.cut', { error: code });
  }
}

function settingsFacts({ settings, found }: SettingsError): Facts {
  return { settings, ...(found && { found }) };
}
