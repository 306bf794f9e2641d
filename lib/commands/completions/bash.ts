import {
  type CommandGrammar,
  type Completion,
  functionName,
  type Grammar,
  quote,
  spellings,
  takingNextWord,
} from "./grammar.ts";

/**
 * Bash splits words at `=` and `:` too. The wrapped command is left to bash-completion if that is
 * loaded; otherwise its own function is called with the words that it would have without the wrapper.
 * Works with bash 3.2, which macOS has.
 */
export function bashCompletions(grammar: Grammar): string {
  const { program, options, commands } = grammar;
  const name = functionName(program);
  return `# bash completions of ${program}
# shellcheck disable=SC2207 # mapfile came with bash 4, and macOS has 3.2

${name}() {
    local cur=\${COMP_WORDS[COMP_CWORD]} options='' values='' operand='' index
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        ${name}_offer ${quote([...commands.map(({ name }) => name), ...spellings(options)].join(" "))}
        return
    fi
    case \${COMP_WORDS[1]} in
${commands.map(commandCase).join("\n")}
    *) return ;;
    esac
    index=2
    while ((index < COMP_CWORD)); do
        case \${COMP_WORDS[index]} in
        --)
            ((index++))
            break
            ;;
        -*)
            if [[ \${COMP_WORDS[index + 1]} == = ]]; then
                ((index += 2))
            elif [[ $values == *" \${COMP_WORDS[index]} "* ]]; then
                ((index++))
            fi
            ;;
        *) break ;;
        esac
        ((index++))
    done
    if ((index > COMP_CWORD)); then
        ${name}_value "\${COMP_WORDS[1]}" "$cur"
    elif [[ $index -eq $COMP_CWORD && $cur == -* && \${COMP_WORDS[COMP_CWORD - 1]} != -- ]]; then
        ${name}_offer "$options"
    elif [[ $operand == command ]]; then
        ${name}_wrapped "$index"
    elif [[ $operand == file ]]; then
        ${name}_files
    elif ((index == COMP_CWORD)); then
        ${name}_offer "$operand"
    fi
}

${name}_offer() {
    local IFS=$' \\t\\n'
    COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

${name}_value() {
    local option=\${COMP_WORDS[COMP_CWORD - 1]} cur=$2
    if [[ $cur == = ]]; then
        cur=
    elif [[ $option == = ]]; then
        option=\${COMP_WORDS[COMP_CWORD - 2]}
    fi
    case "$1 $option" in
${commands.flatMap((command) => valueCases(command, name)).join("\n")}
    esac
}

${name}_files() {
    compopt -o filenames 2>/dev/null
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$cur"))
}

${name}_wrapped() {
    local offset=$1 command=\${COMP_WORDS[$1]} completion
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$offset"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$offset"
    elif ((COMP_CWORD == offset)); then
        COMPREPLY=($(compgen -A command -- "$cur"))
    else
        completion=$(complete -p -- "\${command##*/}" 2>/dev/null)
        if [[ $completion =~ \\ -F\\ ([^ ]+) ]]; then
            local line=\${COMP_LINE%%"$command"*}
            COMP_POINT=$((COMP_POINT - \${#line}))
            COMP_LINE=\${COMP_LINE#"$line"}
            COMP_WORDS=("\${COMP_WORDS[@]:offset}")
            COMP_CWORD=$((COMP_CWORD - offset))
            "\${BASH_REMATCH[1]}" "$command" "$cur" "\${COMP_WORDS[COMP_CWORD - 1]}"
        else
            ${name}_files
        fi
    fi
}

complete -F ${name} ${program}
`;
}

function commandCase({ name, options, operand }: CommandGrammar): string {
  const values = takingNextWord(options).map(({ long }) => long).join(" ");
  return `    ${name})
        options=${quote(spellings(options).join(" "))}
        values=${quote(values === "" ? "" : ` ${values} `)}
        operand=${quote(operandWords(operand))}
        ;;`;
}

function operandWords(operand: Completion): string {
  if (operand.kind === "words") return operand.words.join(" ");
  return operand.kind === "command line" ? "command" : operand.kind === "file" ? "file" : "";
}

function valueCases({ name: command, options }: CommandGrammar, name: string): string[] {
  return options.flatMap(({ long, value }) => {
    if (value?.completion.kind === "file") return [`    ${quote(`${command} ${long}`)}) ${name}_files ;;`];
    if (value?.completion.kind !== "words") return [];
    const words = quote(value.completion.words.join(" "));
    return [`    ${quote(`${command} ${long}`)}) ${name}_offer ${words} ;;`];
  });
}
