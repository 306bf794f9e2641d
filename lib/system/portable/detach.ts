// The shell of POSIX knows single digits only.
const closingScript = 'exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec "$@"';

/**
 * Starts a program as `System.detach` says, by a shell that closes the caller's open files as far as it can name
 * them.
 */
export function detach(
  command: readonly string[],
  directory: string,
  variables: Readonly<Record<string, string>>,
): boolean {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const words = ["-c", closingScript, "sh", ...command];
  const env = { ...process.env, ...variables };
  const child = spawn("/bin/sh", words, { cwd: directory, env, stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
  return child.pid !== undefined;
}
