// Lets Node load its own `fetch`, with the dispatcher that all of the process uses: undici would put its own there, were it first.
void globalThis.Response;
