// Lets a test evaluate code in the extension host: POST {body, arg} with a key that only the test can read.
const { randomUUID } = require('crypto');
const { renameSync, writeFileSync } = require('fs');
const { createServer } = require('http');
const { join } = require('path');
const vscode = require('vscode');

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
const ext = async (id) => vscode.extensions.getExtension(id)?.activate();

exports.activate = (context) => {
  const folder = process.env.BRIDGE_DIR;
  if (!folder) return;
  const key = randomUUID();

  const evaluate = async (request) => {
    // Any web page on this machine can post to this port.
    if (request.headers.authorization !== key) return { error: 'wrong key' };
    try {
      const { body, arg } = JSON.parse(Buffer.concat(await request.toArray()).toString());
      const value = await new AsyncFunction('vscode', 'ext', 'require', 'arg', body)(vscode, ext, require, arg);
      return { value: value ?? null };
    } catch (error) {
      return { error: String((error && error.stack) || error) };
    }
  };
  const server = createServer(async (request, response) => response.end(JSON.stringify(await evaluate(request))));
  context.subscriptions.push({ dispose: () => server.close() });

  server.listen(0, '127.0.0.1', () => {
    // One file for each window. The names sort by age, and renaming prevents that a file is read half written.
    const file = join(folder, `${Date.now()}-${process.pid}`);
    writeFileSync(file, JSON.stringify({ port: server.address().port, pid: process.pid, key }), { mode: 0o600 });
    renameSync(file, `${file}.json`);
  });
};
