import { refusalError } from '../zeyos/answer';
import { OAuthError } from '../zeyos/errors';
import { failure, type HttpClient, type HttpRequest, type HttpResponse } from '../zeyos/transport/http';
import type { PlatformUrl } from '../zeyos/address/platform';
import { isNotOffered, type Surface } from '../zeyos/surface';

/** What came of asking one surface. */
export interface Probe {
  readonly surface: Surface;
  readonly response?: HttpResponse;
  /** Why there was no answer. */
  readonly error?: Error;
  /** `true`: ZeyOS refused, in a way that only ZeyOS does; `false`: there is nothing; absent: something else answered, or nobody. */
  readonly offered?: boolean;
}

/** Each is sent without credentials, so ZeyOS can only refuse. */
const QUESTIONS: readonly (readonly [Surface, HttpRequest['method'], string])[] = [
  ['authV1', 'POST', 'auth/v1/token'],
  ['oauth2', 'POST', 'oauth2/v1/token'],
  ['legacy', 'HEAD', 'auth/v1/'],
];

/**
 * Asks every surface, side by side.
 * @throws the signal's reason, when the caller gave up
 */
export function probeSurfaces(
  http: HttpClient,
  platform: PlatformUrl,
  signal?: AbortSignal,
): Promise<readonly Probe[]> {
  return Promise.all(
    QUESTIONS.map(async ([surface, method, path]): Promise<Probe> => {
      try {
        const response = await http.send({ method, url: platform.endpoint(path), idempotent: true }, signal);
        if (refusalError(response, platform) instanceof OAuthError) return { surface, response, offered: true };
        return { surface, response, ...(isNotOffered(failure(response)) && { offered: false }) };
      } catch (error) {
        signal?.throwIfAborted();
        return { surface, error: error as Error };
      }
    }),
  );
}
