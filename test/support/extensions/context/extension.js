/** The extension under test lets nobody at its own context; this one is there to be used up. */
exports.activate = (context) => context;
