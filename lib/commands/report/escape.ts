/**
 * Text of others as part of a web page.
 *
 * @module
 */

/** A text as part of the page, whatever is in it. What would turn the order of characters round is shown as its code. */
export function escape(text: string): string {
  const codes: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return visible(text).replace(/[&<>"']/g, (character) => codes[character]);
}

/** Shows control characters and such as turn the order of text round as their code. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const longestName = 120;

/** Cuts a name that would fill the page. */
export function shortened(name: string): string {
  const characters = [...name];
  return characters.length <= longestName ? name : `${characters.slice(0, longestName - 1).join("")}…`;
}
