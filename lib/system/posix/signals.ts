/** The signals that a runtime ignores and a command must not; their numbers are the same on Linux and macOS. */
export const signalNumbers = { SIGPIPE: 13, SIGXFSZ: 25 };

/** The default disposition, as `signal` takes it. */
export const SIG_DFL = 0;

/** The disposition of an ignored signal. */
export const SIG_IGN = 1;
