import {
  type CommandGrammar,
  type Completion,
  functionName,
  type Grammar,
  type OptionGrammar,
  quote,
  takingNextWord,
} from "./grammar.ts";

/** Fish completes the rest of a line as a command line of its own by `complete -C`. */
export function fishCompletions({ program, options, commands }: Grammar): string {
  const name = `_${functionName(program)}`;
  const wrapping = commands.filter(({ operand }) => operand.kind === "command line");
  const values = new Set(wrapping.flatMap(({ options }) => takingNextWord(options).map(({ long }) => long)));
  const atStart = `test (count (commandline -opc)) -eq 1`;
  return `# fish completions of ${program}

# Prints the words of the wrapped command before the cursor; fails where the word at the cursor is not its.
function ${name}_wrapped
    set -l words (commandline -opc)
    set -e words[1..2]
    while set -q words[1]
        switch $words[1]
            case --
                set -e words[1]
                string join \\n -- $words
                return 0
            case ${[...values].map(quote).join(" ")}
                set -q words[2]; or return 1
                set -e words[1..2]
            case '-*'
                set -e words[1]
            case '*'
                string join \\n -- $words
                return 0
        end
    end
    not string match -q -- '-*' (commandline -ct)
end

function ${name}_complete_wrapped
    set -l words (${name}_wrapped)
    complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end

function ${name}_has_command
    set -l words (commandline -opc)
    test "$words[2]" = $argv[1]
end

complete -c ${program} -f
${options.map((option) => optionLine(program, atStart, option)).join("\n")}
${commands.map((command) => commandLine(program, atStart, command)).join("\n")}
${commands.map((command) => operandLines(program, name, command)).join("\n")}
`;
}

function commandLine(program: string, condition: string, { name, description }: CommandGrammar): string {
  return `complete -c ${program} -n ${quote(condition)} -a ${name} -d ${quote(description)}`;
}

function operandLines(
  program: string,
  name: string,
  { name: word, options, operand }: CommandGrammar,
): string {
  const condition = `${name}_has_command ${word}`;
  const isWrapping = operand.kind === "command line";
  const optionCondition = isWrapping ? `${condition}; and not ${name}_wrapped >/dev/null` : condition;
  const lines = options.map((option) => optionLine(program, optionCondition, option));
  if (operand.kind === "words") {
    lines.push(`complete -c ${program} -n ${quote(condition)} -a ${quote(operand.words.join(" "))}`);
  }
  if (operand.kind === "file") lines.push(`complete -c ${program} -n ${quote(condition)} -F`);
  if (isWrapping) {
    const inside = quote(`${condition}; and ${name}_wrapped >/dev/null`);
    lines.push(`complete -c ${program} -n ${inside} -a '(${name}_complete_wrapped)'`);
  }
  return lines.join("\n");
}

function optionLine(program: string, condition: string, option: OptionGrammar): string {
  const { long, short, description, value } = option;
  const words = ["complete", "-c", program, "-n", quote(condition), "-l", long.slice(2)];
  if (short !== undefined) words.push("-s", short.slice(1));
  if (value && !value.isOptional) words.push(...valueWords(value.completion));
  return [...words, "-d", quote(description)].join(" ");
}

function valueWords(completion: Completion): string[] {
  if (completion.kind === "file") return ["-r", "-F"];
  return completion.kind === "words" ? ["-x", "-a", quote(completion.words.join(" "))] : ["-x"];
}
