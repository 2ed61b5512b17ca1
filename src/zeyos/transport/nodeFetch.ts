// Node's built-in `fetch` sets the dispatcher of the whole process when it is loaded. If the bundled undici loaded
// first, it would set its own instead.
void globalThis.Response;
