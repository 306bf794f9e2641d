/**
 * Bars, columns and widths of text on a terminal.
 *
 * @module
 */

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const heights = "▁▂▃▄▅▆▇█";
const wide =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const narrow = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** A bar of a part of the whole, in eighths of a column; whatever is there is seen. */
export function bar(part: number, whole: number, columns: number): string {
  if (part <= 0 || whole <= 0) return "";
  const length = Math.max(1, Math.round(part / whole * columns * 8));
  return "█".repeat(length >> 3) + eighths[length & 7];
}

/** A column for each value; `·` for one that is not known. */
export function columnsOf(values: readonly (number | null)[]): string {
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  return values.map((value) => {
    if (value === null) return "·";
    return value === 0 ? " " : heights[Math.min(7, Math.ceil(value / most * 8) - 1)];
  }).join("");
}

/** How many columns a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += narrow.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

/** Cuts a text to that many columns, and fills it up to them. */
export function fit(text: string, columns: number): string {
  const width = widthOf(text);
  if (width <= columns) return text + " ".repeat(columns - width);
  let cut = "";
  let used = 0;
  for (const character of text) {
    const own = widthOf(character);
    if (used + own > columns - 1) break;
    cut += character;
    used += own;
  }
  return `${cut}…${" ".repeat(columns - 1 - used)}`;
}
