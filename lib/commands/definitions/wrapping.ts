/**
 * `run` and `explain`, which `cli.ts` parses: this is what help and completions say of them.
 *
 * @module
 */

import { isOptionOf } from "../../run/command_line.ts";
import { type OptionDefinition, optionDefinitions } from "../../run/options.ts";
import type { Subcommand, SubcommandOption } from "./subcommand.ts";

export function wrapping(name: string, description: string, helpBelow: () => string): Subcommand {
  const definitions: OptionDefinition[] = Object.values(optionDefinitions);
  return {
    name,
    description,
    operands: [
      { name: "COMMAND", description: "the command to run" },
      { name: "[ARG...]", description: "its arguments" },
    ],
    usage: "[options] [--] COMMAND [ARG...]",
    options: definitions.filter((definition) => isOptionOf(definition, name)).map(describeOption),
    help: helpBelow,
  };
}

function describeOption({ flag, value, implied, variable, description }: OptionDefinition): SubcommandOption {
  const placeholder = value === undefined ? "" : implied === undefined ? ` <${value}>` : ` [=${value}]`;
  return {
    flags: `${flag}${placeholder}`,
    description: variable === undefined ? description : `${description} [${variable}]`,
  };
}
