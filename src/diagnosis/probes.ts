import { rejectionError } from '../zeyos/answer';
import { OAuthError } from '../zeyos/errors';
import { failure, type HttpClient, type HttpRequest, type HttpResponse } from '../zeyos/transport/http';
import type { PlatformUrl } from '../zeyos/address/platform';
import { isNotOffered, type Api } from '../zeyos/api';

/** The answer of one API to a request without credentials. */
export interface Probe {
  readonly api: Api;
  readonly response?: HttpResponse;
  readonly error?: Error;
  /**
   * `true`: ZeyOS rejected the request as only ZeyOS does; `false`: the API does not exist; absent: no answer, or not
   * ZeyOS's.
   */
  readonly offered?: boolean;
}

/** Without credentials, ZeyOS can only reject these requests. */
const QUESTIONS: readonly (readonly [Api, HttpRequest['method'], string])[] = [
  ['authV1', 'POST', 'auth/v1/token'],
  ['oauth2', 'POST', 'oauth2/v1/token'],
  ['legacy', 'HEAD', 'auth/v1/'],
];

/** @throws the signal's reason if it aborts */
export function probeApis(http: HttpClient, platform: PlatformUrl, signal?: AbortSignal): Promise<readonly Probe[]> {
  return Promise.all(
    QUESTIONS.map(async ([api, method, path]): Promise<Probe> => {
      try {
        const response = await http.send({ method, url: platform.endpoint(path), idempotent: true }, signal);
        if (rejectionError(response, platform) instanceof OAuthError) return { api, response, offered: true };
        return { api, response, ...(isNotOffered(failure(response)) && { offered: false }) };
      } catch (error) {
        signal?.throwIfAborted();
        return { api, error: error as Error };
      }
    }),
  );
}
