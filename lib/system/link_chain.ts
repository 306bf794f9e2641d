import { system } from "./mod.ts";

// As many as Linux follows in one path.
const linkLimit = 40;

/** Walks along symbolic links: the path that a link leads to, then the one that this leads to, if it is a link, too. */
export function* linkChain(path: string): Generator<string> {
  let current: string | undefined = path;
  for (let count = 0; count < linkLimit; count++) {
    current = followLink(current);
    if (current === undefined) return;
    yield current;
  }
}

function followLink(path: string): string | undefined {
  const target = system.files.linkTarget(path);
  if (target === undefined || /^([/\\]|[A-Za-z]:)/.test(target)) return target;
  return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1) + target;
}
