/** The TelemetryDeck app of all tests: that of the built-in profile. */
export const appID = "4539763B-A291-4835-B832-9BEB80CA7039";
