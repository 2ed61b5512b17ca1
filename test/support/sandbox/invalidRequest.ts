import type { Exchange } from './exchange';

export function invalidRequest(exchange: Exchange, description: string): void {
  exchange.json(400, { error: 'invalid_request', error_description: description });
}
