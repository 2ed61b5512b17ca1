import { HttpClient, type HttpRequest, type HttpResponse } from '../../src/zeyos/transport/http';

/** An HTTP client that repeats no request, so that tests do not wait for back-off. */
export class NoRetryClient extends HttpClient {
  override send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    return super.send({ ...request, idempotent: false }, signal);
  }
}
