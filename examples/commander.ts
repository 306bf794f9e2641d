/**
 * A tool built with commander: each command is counted under its full name, whatever its arguments are, and
 * people see and switch telemetry with commands of the tool's own.
 *
 * @module
 */

import { createTelemetry, flush, optIn, optOut } from "@giantswarm/gs-telemetry";
import { Command } from "commander";

const greet = new Command("greet").description("greets people").version("1.0.0");

greet.command("hello").argument("[name]").action((name = "you") => console.log(`Hello, ${name}!`));
greet.command("goodbye").argument("[name]").action((name = "you") => console.log(`Goodbye, ${name}!`));

const switches = new Command("telemetry").description("shows and switches telemetry");
switches.command("status").action(() => console.log(describeConsent()));
switches.command("off").action(() => console.log(`Telemetry is off. Deleted: ${optOut().deleted}`));
switches.command("on").action(() => void optIn());
switches.command("flush").action(async () => console.log((await flush({ timeout: 5_000 })).outcome));

const telemetry = await createTelemetry({
  appID: "4539763B-A291-4835-B832-9BEB80CA7039",
  tool: greet.name(),
  toolVersion: greet.version(),
  commands: greet.commands.map(fullName),
  optOutVariable: "GREET_TELEMETRY_OPTOUT",
});

greet.hook("preAction", (_, command) => void telemetry.signal(fullName(command)));
greet.addCommand(switches);
await greet.parseAsync();

/** Commands that were added after telemetry was set up are not counted, since they are not listed. */
function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

function describeConsent(): string {
  const { given, decidedBy = "default" } = telemetry.consent;
  return `Telemetry is ${given ? "on" : "off"}, by ${decidedBy}`;
}
