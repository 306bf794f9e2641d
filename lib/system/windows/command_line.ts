/**
 * Command lines of Windows, where a program gets one text and splits it into arguments by itself.
 *
 * @module
 */

/** A program's own command line, split. */
interface Word {
  readonly text: string;
  /** Where it ends in the command line. */
  readonly end: number;
}

/**
 * Writes an argument so that the C runtime of Microsoft reads it back: within quotes a quote needs a backslash,
 * and backslashes before a quote need to be doubled.
 * https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
export function quoteArgument(argument: string): string {
  if (/^[^\s"]+$/.test(argument)) return argument;
  return `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

/** The first word is the program's name, in which no character means anything but a quote. */
function quoteProgram(name: string): string {
  const bare = name.replaceAll('"', "");
  return /^[^\s]+$/.test(bare) ? bare : `"${bare}"`;
}

/**
 * Writes the command line of a program.
 *
 * What this process was started with is passed on as its caller wrote it, if it ends with the same arguments:
 * programs such as cmd, findstr and msiexec split their command lines in ways of their own, to which `"a b"=c`
 * and `"a b=c"` are not the same.
 *
 * @param own This process's own command line.
 */
export function programLine([name, ...args]: readonly string[], own?: string): string {
  const written = own === undefined ? undefined : writtenTail(own, args);
  return quoteProgram(name) + (written ?? args.map((argument) => ` ${quoteArgument(argument)}`).join(""));
}

/** What stands behind the word before these last arguments; `undefined` if others stand there. */
function writtenTail(line: string, args: readonly string[]): string | undefined {
  const words = splitLine(line);
  const first = words.length - args.length;
  // Half a pair of UTF-16 is a replacement character by now.
  const isAt = (argument: string, index: number) => words[first + index].text.toWellFormed() === argument;
  if (first < 1 || !args.every(isAt)) return undefined;
  return line.slice(words[first - 1].end);
}

/** Splits a command line as the C runtime does, the one that came in 2008 and later ones. */
export function splitLine(line: string): Word[] {
  const program = /^(?:"[^"]*"?|[^ \t"])*/.exec(line)?.[0] ?? "";
  const words: Word[] = [{ text: program.replaceAll('"', ""), end: program.length }];
  for (let at = skipSpace(line, program.length); at < line.length;) {
    const word = readWord(line, at);
    words.push(word);
    at = skipSpace(line, word.end);
  }
  return words;
}

function skipSpace(line: string, start: number): number {
  let at = start;
  while (isSpace(line[at])) at++;
  return at;
}

/** An odd number of backslashes makes a quote that follows a plain character; within quotes two quotes do so too. */
function readWord(line: string, start: number): Word {
  let text = "";
  let isQuoted = false;
  let at = start;
  while (at < line.length && (isQuoted || !isSpace(line[at]))) {
    let backslashes = 0;
    while (line[at + backslashes] === "\\") backslashes++;
    at += backslashes;
    if (line[at] !== '"') {
      text += "\\".repeat(backslashes) + (backslashes > 0 ? "" : line[at++]);
      continue;
    }
    text += "\\".repeat(backslashes >> 1);
    at++;
    const isDoubled = backslashes % 2 === 0 && isQuoted && line[at] === '"';
    if (isDoubled) at++;
    if (isDoubled || backslashes % 2 === 1) text += '"';
    else isQuoted = !isQuoted;
  }
  return { text, end: at };
}

function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\t";
}
