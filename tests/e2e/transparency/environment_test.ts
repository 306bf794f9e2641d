import { property } from "../../helpers/property.ts";
import { asChild, onBun, onDeno, onDenoSource } from "../../helpers/way.ts";

const obeys = "the runtime obeys its own variables, in a compiled program too";
const reorders = "QEMU makes an environment of its own, in reverse and without duplicates";
const strings = "variables pass through strings and a table there";

// `env -i` keeps bash's own `_` out, which names the wrapper.
const environ = `"$@" cat /proc/self/environ`;
const shown = "od -An -v -c";

/** Shows the environment that the command gets, sorted. */
function environment(assignments: string): string {
  return `${inOrder(assignments)} | LC_ALL=C sort -z | ${shown}`;
}

function inOrder(assignments: string): string {
  return `kept=(HOME="$HOME" PATH="$PATH" DENO_DIR="$DENO_DIR" GS_TELEMETRY_APP_ID="$GS_TELEMETRY_APP_ID"
    GS_TELEMETRY_ENDPOINT="$GS_TELEMETRY_ENDPOINT" GS_TELEMETRY_LIMITS="$GS_TELEMETRY_LIMITS" BUN_RUNTIME_TRANSPILER_CACHE_PATH=0)
  env -i ${assignments} "\${kept[@]}" ${environ}`;
}

property("the environment has the same order", `${inOrder("Z=1 A=2 M=3 a=4")} | ${shown}`, {
  limits: asChild("Deno sorts the variables of a child"),
  emulator: reorders,
});
property("the environment is the same", environment("Z=1 A=2 M=3 a=4"));
property("empty values are kept", environment("EMPTY= ALSO="));
property(
  "newlines, quotes and equals signs in values are kept",
  environment(`$'LINES=one\\ntwo\\n' "Q='\\"" E==a=b=`),
);
property("names that no shell could set are kept", environment("%USERNAME%=x a.b=1 'with space=2' 1=3"));
property("values that are not UTF-8 are kept", environment("$'RAW=\\xff\\x80' $'\\xc3NAME=1'"));
property("a value of 100 KiB is kept", environment('BIG="$(head -c 102400 /dev/zero | tr "\\0" x)"'));
property("1,000 variables are kept", environment("$(seq -f 'VARIABLE_%g=x' 1000)"));
property(
  "duplicate names and words without an equals sign are kept",
  `
  python3 - "$@" cat /proc/self/environ <<'PYTHON' | od -An -v -c
import ctypes, os, sys, shutil
words = [b"A=1", b"A=2", b"noequals", b"=x", b"A=3"] + [os.fsencode(f"{k}={v}") for k, v in os.environ.items() if k != "_"]
table = lambda items: (ctypes.c_char_p * (len(items) + 1))(*items, None)
argv = [os.fsencode(word) for word in sys.argv[1:]]
ctypes.CDLL(None).execve(os.fsencode(shutil.which(sys.argv[1])), table(argv), table(words))
PYTHON`,
  { needs: ["python3"], limits: asChild(strings), emulator: reorders },
);
property(
  "the program's own variables reach the command",
  environment("GS_TELEMETRY_DEBUG= GS_TELEMETRY_TEST_MODE=1"),
);
property(
  "the runtimes' own variables reach the command",
  environment(
    "NO_COLOR=1 FORCE_COLOR=1 NODE_ENV=production DENO_NO_UPDATE_CHECK=1 RUST_BACKTRACE=1 BUN_INSTALL=/x NODE_OPTIONS=--no-warnings",
  ),
);
property(
  "a channel to a parent in Node.js reaches the command",
  `
  exec 3<>/dev/null; NODE_CHANNEL_FD=3 NODE_CHANNEL_SERIALIZATION_MODE=json "$@" bash -c 'echo $NODE_CHANNEL_FD $NODE_CHANNEL_SERIALIZATION_MODE; readlink /proc/$$/fd/3'; true`,
  { limits: onDenoSource(obeys) },
);
// As `bun run` it would take the tool for JavaScript.
property(
  "BUN_BE_BUN does not make another program of it",
  `
  printf '#!/bin/sh\\necho "shell $BUN_BE_BUN"\\n' >tool.js; chmod +x tool.js; BUN_BE_BUN=1 "$@" ./tool.js 2>&1`,
  { limits: { "bun binary": obeys } },
);
property("BUN_OPTIONS is not obeyed", `BUN_OPTIONS=--revision "$@" bash -c 'echo $BUN_OPTIONS' 2>&1`, {
  limits: onBun(obeys),
});
property(
  "options of JavaScriptCore and mimalloc are not obeyed",
  `
  BUN_JSC_dumpOptions=1 MIMALLOC_VERBOSE=1 "$@" bash -c 'echo $BUN_JSC_dumpOptions $MIMALLOC_VERBOSE' 2>&1`,
  { limits: onBun(obeys) },
);
property(
  "NODE_OPTIONS, BUN_INSPECT and DENO_V8_FLAGS are not obeyed",
  `
  NODE_OPTIONS=--bad "$@" bash -c 'echo $NODE_OPTIONS'; BUN_INSPECT=1 "$@" bash -c 'echo $BUN_INSPECT'
  DENO_V8_FLAGS=--bad "$@" bash -c 'echo $DENO_V8_FLAGS'`,
  { limits: onDenoSource(obeys) },
);
property("DENO_LOG is not obeyed", `DENO_LOG=debug "$@" bash -c 'echo $DENO_LOG' 2>&1`, {
  limits: onDeno(obeys),
});
property(
  ".env, bunfig.toml, package.json, deno.json and tsconfig.json of the working directory are not obeyed",
  `
  printf 'FROM_DOTENV=1\\nGS_TELEMETRY_DEBUG=1\\n' >.env; echo 'preload = ["./no.ts"]' >bunfig.toml; echo '{"name":1' >package.json
  echo '{"imports":' >deno.json; echo '{"compilerOptions":' >tsconfig.json
  "$@" bash -c 'echo "[$FROM_DOTENV]"' 2>&1`,
  { limits: { "bun run": "Bun reads the files of the working directory when it runs a source file" } },
);
