/** An OAuth client that an administrator registered in an instance. */
export interface SandboxApplication {
  /** Its number in ZeyOS, which only the legacy login returns. */
  readonly id?: number;
  readonly client_id: string;
  readonly client_secret: string;
  readonly redirect_uris: readonly string[];
  /** Whether a registered URI on 127.0.0.1 is valid for every port (RFC 8252, section 7.3). */
  readonly anyLoopbackPort?: boolean;
}

const identifier = /^[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/;

export function checkApplication({ client_id, client_secret, redirect_uris }: SandboxApplication): void {
  if (client_id.length > 200 || !identifier.test(client_id) || client_secret === '') {
    throw new Error(`The application ${client_id} has an identifier or a secret that ZeyOS does not allow`);
  }
  const forbidden = redirect_uris.find((uri) => !isAllowed(uri));
  if (forbidden !== undefined) {
    throw new Error(`The redirect URI ${forbidden} is neither https nor on 127.0.0.1 or localhost`);
  }
}

/**
 * Compares character by character (RFC 6749, section 3.1.2.3), except for the port of 127.0.0.1 if the application
 * allows any.
 */
export function isRegistered({ redirect_uris, anyLoopbackPort = false }: SandboxApplication, uri: string): boolean {
  return redirect_uris.some(
    (registered) =>
      registered === uri || (anyLoopbackPort && URL.canParse(uri) && withoutPort(registered) === withoutPort(uri)),
  );
}

function isAllowed(uri: string): boolean {
  return URL.canParse(uri) && (uri.startsWith('https://') || /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(uri));
}

/** Removes the port of a URI on 127.0.0.1, and returns any other URI unchanged. */
function withoutPort(uri: string): string {
  return uri.replace(/^(http:\/\/127\.0\.0\.1):\d{1,5}(?=\/)/, '$1');
}
