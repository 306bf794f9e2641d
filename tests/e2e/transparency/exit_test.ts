import { measuredProperty, property } from "../../helpers/property.ts";
import { onDenoSource, stress } from "../../helpers/way.ts";

const statuses = stress("{0..255}", "{0..5} {10..100..10} {120..150} {190..250..10} {252..255}");

property(
  "exit status is the same for 0 to 255",
  `for status in ${statuses}; do "$@" bash -c "exit $status"; echo $?; done`,
  { env: { GS_TELEMETRY_OPTOUT: "1" } },
);

property(
  "exit status is 127 and the message names the command when it is not found",
  `
  "$@" no-such-command 2>message; echo $?
  grep -c "no-such-command" message`,
);

property("exit status is 127 when a path is not found", `"$@" ./no/such/file 2>/dev/null; echo $?`);

property("exit status is 127 when the command's name is empty", `"$@" "" 2>/dev/null; echo $?`);

property(
  "exit status is 126 and the message names the file when it is not executable",
  `
  echo "echo ran" >script; chmod 644 script
  "$@" ./script 2>message; echo $?
  grep -c "./script" message`,
);

property("exit status is 126 when the command is a folder", `"$@" /usr 2>/dev/null; echo $?`);

property(
  "exit status is 126 when the interpreter of a script is a folder",
  `
  printf '#!/usr\\n' >script; chmod 755 script
  "$@" ./script 2>/dev/null; echo $?`,
);

// bash tells "bad interpreter" with 126 or 127 by version; execvp(3) knows only that a file is missing.
property(
  "exit status is execvp's when the interpreter of a script is missing",
  `
  printf '#!/no/such/interpreter\\n' >script; chmod 755 script
  env ./script 2>/dev/null; echo $?
  [ $# = 0 ] || { "$@" ./script 2>/dev/null; echo $?; }
  [ $# = 0 ] && { env ./script 2>/dev/null; echo $?; }; true`,
);

property(
  "exit status is 126 when a file is no program of this machine",
  `
  printf '\\x7fELF\\0\\0\\0\\0broken' >program; chmod 755 program
  "$@" ./program 2>/dev/null; echo $?`,
);

property(
  "a script without a first line that names an interpreter is run by sh",
  `printf 'echo "ran $0 $1 $#"; exit 9\\n' >script; chmod 755 script
  "$@" ./script "one two" three; echo $?`,
);

property("an empty script ends with 0", `: >script; chmod 755 script; "$@" ./script; echo $?`);

property(
  "a script's interpreter gets its argument and the script's path",
  `
  printf '#!/bin/echo one two\\n' >script; chmod 755 script
  "$@" ./script three`,
);

property(
  "a command is found in the first folder of PATH that has it",
  `
  mkdir a b; printf '#!/bin/sh\\necho a' >a/tool; printf '#!/bin/sh\\necho b' >b/tool; chmod 755 a/tool b/tool
  PATH="$PWD/a:$PWD/b:$PATH" "$@" tool; PATH="$PWD/b:$PWD/a:$PATH" "$@" tool`,
);

property(
  "an empty entry of PATH is the working directory",
  `
  printf '#!/bin/sh\\necho here' >tool; chmod 755 tool
  PATH=":$PATH" "$@" tool; PATH="$PATH:" "$@" tool; PATH="/no/such::$PATH" "$@" tool`,
);

property(
  "a folder or a file that is not executable is passed over in PATH",
  `
  mkdir -p a/tool b c; echo >b/tool; printf '#!/bin/sh\\necho c' >c/tool; chmod 755 c/tool
  PATH="$PWD/a:$PWD/b:$PWD/c:$PATH" "$@" tool; echo $?`,
);

property(
  "exit status is 126 when the only file in PATH is not executable",
  `
  mkdir b; echo >b/tool
  PATH="$PWD/b:$PATH" "$@" tool 2>/dev/null; echo $?`,
);

property(
  "the standard folders are searched when PATH is unset",
  `
  [ $# = 0 ] || set -- "$(command -v "$1")" "\${@:2}"
  (unset PATH; "$@" uname; echo $?)`,
  { limits: onDenoSource("`deno run` 2.9 puts a folder of its own into PATH") },
);

property(
  "a name with a slash is not looked for in PATH",
  `
  mkdir -p sub a/sub; printf '#!/bin/sh\\necho right' >sub/tool; printf '#!/bin/sh\\necho wrong' >a/sub/tool
  chmod 755 sub/tool a/sub/tool
  PATH="$PWD/a:$PATH" "$@" sub/tool`,
);

property(
  "a symbolic link is run under its own name",
  `
  printf '#!/bin/sh\\necho "$0"' >tool; chmod 755 tool; ln -s tool link
  "$@" ./link`,
);

measuredProperty("the caller sees the command's own exit, not that of a shell", async (world, wrapper) => {
  const { status, signal } = await world.execute([...wrapper, "sh", "-c", "exit 77"]);
  return { status, signal };
});
