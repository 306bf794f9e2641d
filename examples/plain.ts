/**
 * A tool without a command-line library: it names its commands itself.
 *
 * @module
 */

import { createTelemetry } from "@giantswarm/gs-telemetry";
import process from "node:process";

const telemetry = await createTelemetry({
  appID: "4539763B-A291-4835-B832-9BEB80CA7039",
  tool: "greet",
  toolVersion: "1.0.0",
  commands: ["greet hello", "greet goodbye"],
  optOutVariable: "GREET_TELEMETRY_OPTOUT",
});

const [command, name = "you"] = process.argv.slice(2);
switch (command) {
  case "hello":
    telemetry.signal("greet hello");
    console.log(`Hello, ${name}!`);
    break;
  case "goodbye":
    telemetry.signal("greet goodbye");
    console.log(`Goodbye, ${name}!`);
    break;
  default:
    console.error("Usage: greet hello|goodbye [NAME]");
    process.exitCode = 2;
}
