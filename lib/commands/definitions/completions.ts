import { runtime } from "../../runtime/mod.ts";
import { UsageError } from "../../usage_error.ts";
import { completionScript, type Shell, shells } from "../completions/mod.ts";
import { completionsHelp } from "../help.ts";
import type { Subcommand } from "./subcommand.ts";

/** `completions`. */
export function completions(): Subcommand {
  return {
    name: "completions",
    description: "print a script that makes a shell complete commands",
    operands: [{ name: "SHELL", description: "the shell: bash, zsh or fish" }],
    choices: shells,
    help: completionsHelp,
    run({ operands: [shell], grammar }) {
      if (!isShell(shell)) {
        throw new UsageError(`there are completions for bash, zsh and fish, not for '${shell}'`);
      }
      runtime.write(1, completionScript(shell, grammar()));
      return 0;
    },
  };
}

function isShell(word: string): word is Shell {
  return (shells as readonly string[]).includes(word);
}
