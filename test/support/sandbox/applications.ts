/** An OAuth client as an administrator registered it inside one instance. */
export interface SandboxApplication {
  /** Its number inside ZeyOS, which only the legacy login tells. */
  readonly id?: number;
  readonly client_id: string;
  readonly client_secret: string;
  readonly redirect_uris: readonly string[];
  /** A registered URI on 127.0.0.1 stands for every port there (RFC 8252, section 7.3). */
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

/** Compared letter by letter, as RFC 6749 demands, but for the port of 127.0.0.1 where the application may use any. */
export function isRegistered({ redirect_uris, anyLoopbackPort = false }: SandboxApplication, uri: string): boolean {
  return redirect_uris.some(
    (registered) =>
      registered === uri || (anyLoopbackPort && URL.canParse(uri) && withoutPort(registered) === withoutPort(uri)),
  );
}

function isAllowed(uri: string): boolean {
  return URL.canParse(uri) && (uri.startsWith('https://') || /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(uri));
}

/** Of a URI on 127.0.0.1; any other stays as it is. */
function withoutPort(uri: string): string {
  return uri.replace(/^(http:\/\/127\.0\.0\.1):\d{1,5}(?=\/)/, '$1');
}
