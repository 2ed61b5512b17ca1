// npm start [-- options]: starts a ZeyOS sandbox and an editor with the extension.
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`npm start needs Node 20 or later; this is ${process.version}.`);
  process.exit(1);
}

import('./bootstrap.mjs')
  .then(async ({ prepare, compiled }) => {
    prepare();
    const { main } = await compiled('test/support/start/main.js');
    process.exitCode = await main(process.argv.slice(2));
  })
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
