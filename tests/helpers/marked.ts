const names: Readonly<Record<string, string>> = {
  1: "bold",
  2: "dim",
  22: "/",
  31: "red",
  32: "green",
  33: "yellow",
  39: "/",
};

/** Writes the formats of a text for terminals as words: `<bold>text</>`. */
export function marked(text: string): string {
  const [first, ...parts] = text.split("\x1b[");
  const words = parts.map((part) => {
    const end = part.indexOf("m");
    return `<${names[part.slice(0, end)]}>${part.slice(end + 1)}`;
  });
  return first + words.join("");
}
