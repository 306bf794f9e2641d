/**
 * What the help pages say beyond the tables of commands and options. No line has more than 80 columns.
 *
 * @module
 */

import { brand } from "../brand.ts";
import { findConfigDirectory } from "../directories/config_directory.ts";
import { shortPath } from "../directories/paths.ts";
import { runtime } from "../runtime/mod.ts";

/** Below the program's page. */
export function programHelp(): string {
  const { name } = brand;
  return `
Examples:
  Count a command, and see what that sends:
    ${name} run -- kubectl gs login my-cluster
    ${name} explain -- kubectl gs login my-cluster
  Count a tool of your own in a TelemetryDeck app of your own:
    ${name} run --app-id UUID --signal-type Acme.command -- acme deploy
  Have another tool's commands told apart, not only its name:
    ${name} learn --app-id UUID --save -- helm
    ${name} run -- helm list

To opt out: ${name} disable, or set DO_NOT_TRACK=1 or
GS_TELEMETRY_OPTOUT=1. Nothing is recorded or sent then.
More: https://github.com/giantswarm/gs-telemetry`;
}

const optionRules = `
Options end at the first word that is not one, or at --. An option wins over its
variable, in brackets above, and that over the profile.
`;

/** Below the page of `run`. */
export function runHelp(): string {
  const { name } = brand;
  return `${optionRules}
More variables:
  GS_TELEMETRY_SALT=TEXT     salt of the user hash, which has no option: secrets
                             do not belong into argument lists
  GS_TELEMETRY_DEBUG=1       tell on stderr what is sent and what happens
  GS_TELEMETRY_DRY_RUN=1     tell on stderr what would be sent; record and send
                             nothing
  GS_TELEMETRY_NO_NOTICE=1   show no notice before the first signal
  GS_TELEMETRY_OPTOUT=1      record and send nothing; DO_NOT_TRACK=1 as well

Exit status: the command's own. 125 if ${name} is used wrongly, 126 if
the command cannot be run, 127 if it is not found.

Examples:
  ${name} run -- kubectl gs get clusters
  ${name} run --app-id UUID --name acme -- ./acme-linux-amd64 deploy
  In a container, whose processes die with the command:
    ${name} run --wait=3 -- kubectl gs get clusters`;
}

/** Below the page of `explain`. */
export function explainHelp(): string {
  return `${optionRules}
Examples:
  ${brand.name} explain -- kubectl gs get clusters
  ${brand.name} explain --profile ./acme.json -- acme deploy --image nginx`;
}

/** Below the page of `learn`. */
export function learnHelp(): string {
  const { name } = brand;
  return `
The tool is asked for its commands and flags through the completions that every
tool built with cobra has: kubectl, helm, gh, docker and many more.

Examples:
  ${name} learn --app-id UUID --save -- helm
  ${name} explain -- helm list
  After an upgrade of the tool, which keeps what else the profile says:
    ${name} learn --save -- helm
  Only look at it:
    ${name} learn -- kubectl gs
${profilesFolder()}`;
}

/** Below the page of `link`. */
export function linkHelp(): string {
  const { name } = brand;
  return `
Under the tool's name and earlier on PATH, ${name} runs the tool that it
stands in front of. Nothing that exists is replaced. A shell that has called the
tool before has to forget where it was: hash -r.

Examples:
  ${name} link kubectl-gs
  ${name} link --dir ~/bin helm`;
}

/** Below the page of `doctor`. */
export function doctorHelp(): string {
  return `
Changes nothing, and asks no tool and no server. Exit status: 0 if all is well,
1 if something is not.`;
}

/** Says where profiles are found. Empty if the user has no home directory. */
function profilesFolder(): string {
  const { env } = runtime;
  const folder = findConfigDirectory(env)?.profiles;
  return folder === undefined ? "" : `
--save writes into the directory
  ${shortPath(folder, env)},
and replaces a profile only by one that is whole.`;
}

/** Below the page of `profile`. */
export function profileHelp(): string {
  return `
Exit status: 0 if the profile is right, 125 if it has mistakes, each told in a
line on stderr.

Example:
  ${brand.name} profile check acme.json`;
}

/** Below the page of `flush`. */
export function flushHelp(): string {
  return `
Nobody has to: signals are sent in the background, and kept when that fails.

Example, at the end of a CI job:
  ${brand.name} flush --timeout 10`;
}

/** Below the page of `sink`. */
export function sinkHelp(): string {
  const { name } = brand;
  return `
ClickHouse is written as clickhouse+https://USER@HOST:8443/DATABASE, with its
password in GS_TELEMETRY_CLICKHOUSE_PASSWORD.

Example, in two terminals:
  ${name} sink --store usage.db
  export GS_TELEMETRY_ENDPOINT=http://127.0.0.1:8686
  ${name} run -- kubectl gs login
  ${name} report usage.db`;
}

/** Below the page of `report`. */
export function reportHelp(): string {
  const { name } = brand;
  return `
Examples:
  ${name} report usage.db
  ${name} report --days 90 --tool kubectl-gs --html usage.html usage.db
  zcat usage-*.jsonl.gz | ${name} report --json -`;
}

/** Below the page of `completions`. */
export function completionsHelp(): string {
  const { name } = brand;
  return `
To complete in every new shell:
  bash: echo 'eval "$(${name} completions bash)"' >>~/.bashrc
  zsh:  echo 'source <(${name} completions zsh)' >>~/.zshrc, below compinit
  fish: ${name} completions fish \\
          >~/.config/fish/completions/${name}.fish`;
}
