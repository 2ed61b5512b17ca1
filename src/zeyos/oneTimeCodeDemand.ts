import { isPlainText } from './answer';
import { OAuthError } from './errors';
import type { HttpResponse } from './transport/http';
import { parseJsonObject } from '../base/json';
import { mentionsOneTimeCode } from './oneTimeCode';

/**
 * Recognizes a demand in words only: in plain text, or in a JSON object without the `error` of RFC 6749 section 5.2.
 */
export function oneTimeCodeDemand(response: HttpResponse): OAuthError | undefined {
  const { status, body, conceal } = response;
  if (status !== 401 && status !== 403) return undefined;
  const json = parseJsonObject(body);
  if (typeof json?.['error'] === 'string' && json['error']) return undefined;
  const words = json
    ? Object.values(json).find((value) => typeof value === 'string' && mentionsOneTimeCode(value))
    : isPlainText(response) && body.trim();
  if (typeof words !== 'string' || !mentionsOneTimeCode(words)) return undefined;
  return new OAuthError({ status, error: 'invalid_grant', errorDescription: conceal(words) });
}
