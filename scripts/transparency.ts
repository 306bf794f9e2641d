/**
 * Makes the table of `docs/transparency.md` from what the suite measured:
 * `TRANSPARENCY_REPORT=rows.jsonl` has `tests/e2e/transparency` write a line for each property and way, and
 * `deno run --allow-read scripts/transparency.ts rows.jsonl` prints the table.
 *
 * @module
 */

/** A line of the report. */
interface Row {
  readonly name: string;
  readonly way: string;
  readonly env?: boolean;
  readonly program?: boolean;
  readonly limit?: string;
  readonly skipped?: string;
}

const ways = ["bun binary", "deno binary", "bun run", "deno run", "deno child"];

function table(rows: readonly Row[]): string {
  const reasons = [...new Set(rows.flatMap(reasonOf))];
  const mark = (row: Row | undefined) => {
    const [reason] = row ? reasonOf(row) : [];
    if (reason !== undefined) return `no (${reasons.indexOf(reason) + 1})`;
    return row?.program === undefined ? "not measured" : row.program ? "same" : "**differs**";
  };
  const lines = [...new Set(rows.map(({ name }) => name))].map((name) => {
    const ofName = rows.filter((row) => row.name === name);
    const env = ofName.find((row) => row.env !== undefined)?.env;
    const cells = ways.map((way) => mark(ofName.findLast((row) => row.way === way)));
    return `| ${
      [name, env === undefined ? "not measured" : env ? "same" : "differs", ...cells].join(" | ")
    } |`;
  });
  return [
    `| property | env | ${ways.join(" | ")} |`,
    `|---|---|${ways.map(() => "---|").join("")}`,
    ...lines,
    "",
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
  ].join("\n");
}

/** A limit that a newer runtime has outgrown is none. */
function reasonOf({ program, limit, skipped }: Row): string[] {
  const reason = limit ?? skipped;
  return program || reason === undefined ? [] : [reason];
}

const text = await Deno.readTextFile(Deno.args[0]);
console.log(table(text.trimEnd().split("\n").map((line) => JSON.parse(line))));
