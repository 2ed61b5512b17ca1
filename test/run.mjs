// npm test [check|unit|fuzz|stress|host|package|e2e|bench …] [-- options]
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`The tests need Node 20 or later; this is ${process.version}.`);
  process.exit(1);
}

import('./bootstrap.mjs')
  .then(async ({ prepare, compiled }) => {
    prepare();
    const { main } = await compiled('test/support/run/main.js');
    process.exitCode = await main(process.argv.slice(2));
  })
  .catch((error) => {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  });
