import { property } from "../../helpers/property.ts";
import { asChild, onDeno, onDenoSource } from "../../helpers/way.ts";

const notText = "Deno before 2.9 ends with an error, before our code runs, on an argument that is not UTF-8";
const notTextLimits = { ...onDeno(notText), ...asChild("a child of Deno gets its arguments as text") };

// bash shows its own arguments as the kernel has them.
const shown = `bash -c 'od -An -v -c </proc/$$/cmdline; :' probe`;
const summed = `bash -c 'cksum </proc/$$/cmdline; echo $#' probe`;

property("an empty argument arrives", `"$@" ${shown} "" a "" ""`);
property("spaces, tabs and newlines arrive", `"$@" ${shown} " a  b " $'\\t' $'one\\ntwo\\n' $'\\r'`, {
  limits: onDenoSource("`deno run` drops a carriage return that ends an argument"),
});
property(
  "quotes, backslashes, dollars and globs arrive",
  `"$@" ${shown} "'" '"' '\\' '$HOME' '\`id\`' '*' '%s' ';' '!'`,
);
property("control characters arrive", `"$@" ${shown} $'\\x01\\x02\\x1b[31m\\x7f'`);
property("characters beyond ASCII arrive", `"$@" ${shown} äöü 日本語 🙂 $'e\\u0301' $'\\ufeff' $'\\ufffd'`);
property(
  "arguments that are not UTF-8 arrive",
  `"$@" ${shown} $'\\xff' $'a\\x80b' $'\\xc3' $'\\xed\\xa0\\x80' $'\\xef\\xbb\\xbf\\xff' 2>/dev/null`,
  {
    limits: notTextLimits,
  },
);
property(
  "a command whose name is not UTF-8 is run",
  `
  printf '#!/bin/sh\\necho ran' >$'tool\\xff'; chmod 755 tool*
  "$@" ./$'tool\\xff' a 2>/dev/null; echo $?`,
  { limits: notTextLimits },
);
property(
  "arguments that look like options of the program arrive",
  `
  "$@" ${shown} -- -h --help --version -V - --app-id x --name=y --profile --wait --test-mode run explain`,
);
property(
  "a command gets its own -h, --help and --version",
  `
  printf '#!/bin/sh\\necho "$@"' >tool; chmod 755 tool
  for word in -h --help --version help -- - ---; do "$@" ./tool "$word"; done`,
);
property(
  "arguments that look like options of a runtime arrive",
  `
  "$@" ${shown} --inspect --print 1 -e 2 --v8-flags=--help --allow-all --smol --bun --cwd /tmp --config x`,
);
property("arguments that look like assignments arrive", `"$@" ${shown} A=1 B= =C`);
property("2,000 arguments arrive", `"$@" ${summed} $(seq 2000)`);
property("an argument of 120 KiB arrives", `"$@" ${summed} "$(head -c 122880 /dev/zero | tr '\\0' x)" end`);
// With a socket as its input, as here, bash takes itself for a remote shell's and many seconds for this.
property(
  "60,000 arguments of 1 MB with their pointers arrive",
  `"$@" ${summed} $(seq 100000 160000) </dev/null`,
);
property(
  "the command's own name is the one that was given",
  `
  "$@" bash -c 'echo "$0"; tr "\\0" " " </proc/$$/cmdline'
  "$@" "$(command -v bash)" -c 'tr "\\0" " " </proc/$$/cmdline'`,
);
property("the name in the process list is the command's", `"$@" cat /proc/self/comm`);
property("the executable is the command's", `"$@" readlink /proc/self/exe`);
