// npm run pictures: takes the pictures of the documentation again. Look at each of them before you commit them.
process.env['ZEYOS_UPDATE_PICTURES'] = '1';
process.argv.push('e2e', '--host', '1.139', '--grep', 'The pictures of the documentation');
await import('./run.mjs');
