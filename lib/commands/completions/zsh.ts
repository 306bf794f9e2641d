import {
  type CommandGrammar,
  type Completion,
  functionName,
  type Grammar,
  type OptionGrammar,
  quote,
} from "./grammar.ts";

/** Works as an autoloaded function of `fpath` and as a script that is sourced. */
export function zshCompletions({ program, options, commands }: Grammar): string {
  const name = functionName(program);
  const wrapping = commands.filter(({ operand }) => operand.kind === "command line");
  return `#compdef ${program}
# zsh completions of ${program}

${name}() {
  local curcontext=$curcontext ret=1
  local -a state line subcommands
  typeset -A opt_args
  _arguments -C -A '-*' \\
${options.map(optionSpecification).map(continued).join("")}    '1: :->command' \\
    '*:: :->operands' && ret=0
  case $state in
  command)
    subcommands=(
${commands.map(commandDescription).join("\n")}
    )
    _describe -t commands command subcommands && ret=0
    ;;
  operands)
    curcontext=\${curcontext%:*}-$words[1]:
    # _arguments does not see that options end where none stands before that.
    if [[ $words[1] == (${
    wrapping.map(({ name }) => name).join("|")
  }) && $words[2] == -- ]] && ((CURRENT > 2)); then
      words=("\${(@)words[3,-1]}")
      ((CURRENT -= 2))
      if ((CURRENT == 1)); then _command_names -e; else _normal; fi
      return
    fi
    case $words[1] in
${commands.map(commandCase).join("\n")}
    esac
    ;;
  esac
  return ret
}

if [[ $funcstack[1] == ${name} ]]; then
  ${name} "$@"
else
  compdef ${name} ${program}
fi
`;
}

function commandDescription({ name, description }: CommandGrammar): string {
  return `      ${quote(`${name}:${description}`)}`;
}

function commandCase({ name, options, operand }: CommandGrammar): string {
  return `    ${name})
      _arguments -S -A '-*' \\
${options.map(optionSpecification).map((text) => `  ${continued(text)}`).join("")}        ${
    operandSpecification(operand)
  } && ret=0
      ;;`;
}

function continued(specification: string): string {
  return `    ${specification} \\\n`;
}

function optionSpecification({ long, short, description, value }: OptionGrammar): string {
  const explanation = `[${description.replace(/[[\]\\:]/g, "\\$&")}]`;
  if (short !== undefined) return `${quote(`(${short} ${long})`)}{${short},${long}}${quote(explanation)}`;
  if (value === undefined) return quote(`${long}${explanation}`);
  const message = value.placeholder.replaceAll(":", "\\:");
  const action = `${message}:${actionOf(value.completion)}`;
  return quote(value.isOptional ? `${long}=-${explanation}::${action}` : `${long}=${explanation}:${action}`);
}

function actionOf(completion: Completion): string {
  if (completion.kind === "file") return "_files";
  return completion.kind === "words" ? `(${completion.words.join(" ")})` : " ";
}

function operandSpecification(operand: Completion): string {
  if (operand.kind === "command line") return `'(-)1:command: _command_names -e' '*::argument: _normal'`;
  if (operand.kind === "file") return "'*: :_files'";
  return operand.kind === "words" ? quote(`1: :${actionOf(operand)}`) : "";
}
