import { HttpClient, type HttpRequest, type HttpResponse } from '../../src/zeyos/transport/http';

/** Tries nothing again by itself, so that a test need not wait to see trouble told. */
export class OnceClient extends HttpClient {
  override send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    return super.send({ ...request, idempotent: false }, signal);
  }
}
