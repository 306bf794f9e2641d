/** The TelemetryDeck app of all tests: that of the built-in profile. */
export const appID = "4539763B-A291-4835-B832-9BEB80CA7039";

/** An app that no built-in profile has. */
export const otherAppID = "0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e2a";

/** An endpoint where nobody listens. */
export const nowhere = "http://127.0.0.1:9/";
