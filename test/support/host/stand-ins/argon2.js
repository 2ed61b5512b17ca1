// Replaces argon2, which the older host loads at its start but never calls with `--auth none`.
const refuse = async () => {
  throw new Error('This test host has no argon2.');
};
module.exports = { hash: refuse, verify: refuse, needsRehash: () => false };
