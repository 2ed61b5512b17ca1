// Loads Node's built-in `fetch`, which sets the dispatcher of the whole process. If the bundled undici loaded first, it
// would set its own instead.
void globalThis.Response;
