/**
 * Pages for people: lines that fit their terminal, with colour if that is wanted.
 *
 * @module
 */

import type { Environment } from "../runtime/runtime.ts";
import { system } from "../system/mod.ts";

/** How a page is to be shown. */
export interface PageStyle {
  /** The width of a line; infinite if lines are not broken, so that other programs can read them. */
  readonly columns: number;
  readonly isColoured: boolean;
}

/** How a piece of text may be shown. */
export type Format = "bold" | "dim" | "green" | "yellow" | "red";

const standardOutput = 1;
/** How wide a terminal is that does not say so, and what others read as a page. */
export const usualColumns = 80;
const mostColumns = 100;
const fewestColumns = 24;

/** Reports whether standard output is a terminal. */
export function isOutputTerminal(): boolean {
  return system.isTerminal(standardOutput);
}

/**
 * The style that suits standard output: colour only on a terminal, without `NO_COLOR` (no-color.org).
 *
 * @param pipedColumns The width of a line if it is not a terminal.
 */
export function outputStyle(env: Environment, pipedColumns: number): PageStyle {
  if (!isOutputTerminal()) return { columns: pipedColumns, isColoured: false };
  const columns = process.stdout.columns || usualColumns;
  return {
    columns: Math.max(fewestColumns, Math.min(columns, mostColumns)),
    isColoured: !env("NO_COLOR") && env("TERM") !== "dumb",
  };
}

/** Formats a text, if the style allows it. */
export function paint(format: Format, text: string, { isColoured }: PageStyle): string {
  if (!isColoured || text === "") return text;
  return process.getBuiltinModule("node:util").styleText(format, text, { validateStream: false });
}

/** Breaks a text into lines, between words if possible. Each begins with the indentation. */
export function wrap(text: string, { columns }: PageStyle, indentation = ""): string[] {
  const width = columns - indentation.length;
  const lines: string[] = [];
  for (let rest = text; rest !== "" || lines.length === 0;) {
    const end = lineEnd(rest, width);
    lines.push(indentation + rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return lines;
}

function lineEnd(text: string, width: number): number {
  if (text.length <= width) return text.length;
  const space = text.lastIndexOf(" ", width);
  return space > 0 ? space : width;
}

/** Shows characters that would steer a terminal, break a line or turn its order round as their code. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
