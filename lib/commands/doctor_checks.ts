/**
 * Looks at all that belongs to gs-telemetry here. Changes nothing, and asks no tool and no server.
 *
 * @module
 */

import { brand } from "../brand.ts";
import { ownCall, quotePath } from "../directories/own_call.ts";
import { shortPath } from "../directories/paths.ts";
import type { SurveyedProfile } from "../profile/survey.ts";
import { allCandidates } from "../profile/select.ts";
import { findUnknownVariables, findWrongVariables } from "../run/variables.ts";
import { runtime } from "../runtime/mod.ts";
import { findSaltProblem } from "../signal/salt.ts";
import { folderOf } from "../system/files.ts";
import { isClaimed, learnCall } from "./link.ts";
import { findLinks, type ToolLink } from "./links.ts";
import { readStatus, type Status } from "./status_survey.ts";

/** What a check is about. */
export type Subject = "telemetry" | "link" | "profile" | "variable" | "directory" | "delivery";

/** What was looked at, and how it is. */
export interface Check {
  readonly subject: Subject;
  /** The tool, profile, variable, directory or server. */
  readonly name: string;
  readonly isWell: boolean;
  readonly finding: string;
  /** What to do; null if nothing has to be done. */
  readonly advice: string | null;
}

const { env } = runtime;
/** Looks at everything. */
export async function collectChecks(): Promise<Check[]> {
  const status = await readStatus(Date.now());
  const links = await Promise.all(findLinks(env).map(checkLink));
  return [
    checkConsent(status),
    ...links,
    ...status.profiles.map(checkProfile),
    ...await checkVariables(),
    ...await checkOtherProblems(status),
    ...status.organisation.ignored.map(({ path, reason }) =>
      ill("directory", path, `${path} does not count: it ${reason}`, `let root alone write it, or delete it`)
    ),
    checkState(status),
    ...checkDelivery(status),
  ];
}

function well(subject: Subject, name: string, finding: string, advice: string | null = null): Check {
  return { subject, name, isWell: true, finding, advice };
}

function ill(subject: Subject, name: string, finding: string, advice: string): Check {
  return { subject, name, isWell: false, finding, advice };
}

function call(): string {
  return ownCall(env) ?? brand.name;
}

function checkConsent({ consent: { given, decidedBy, fault } }: Status): Check {
  const by = decidedBy === null ? "" : `, by ${shortPath(decidedBy, env)}`;
  if (fault === null) return well("telemetry", given ? "on" : "off", given ? `on${by}` : `off${by}`);
  return ill("telemetry", "off", `off${by}, which ${fault}`, `${call()} enable, or ${call()} disable`);
}

async function checkLink({ name, path, isBroken, tool, hiddenBy, isOnPath }: ToolLink): Promise<Check> {
  const place = shortPath(path, env);
  const folder = folderOf(place);
  const remove = `${call()} unlink ${name}`;
  if (isBroken) return ill("link", name, `${place} leads to a program that is not there`, remove);
  if (tool === undefined) {
    return ill("link", name, `${place} has no ${name} behind it on PATH`, `install it, or ${remove}`);
  }
  if (hiddenBy !== undefined || !isOnPath) {
    const reason = isOnPath ? `${shortPath(hiddenBy ?? "", env)} comes before it` : "it is not on PATH";
    return ill(
      "link",
      name,
      `${place} is not called: ${reason}`,
      `put ${folder} in front on PATH, or ${remove}`,
    );
  }
  const finding = `${place} runs ${shortPath(tool, env)}`;
  if (await isClaimed(name)) return well("link", name, finding);
  return ill("link", name, `${finding}, but no profile claims it: nothing is sent`, learnCall(call(), name));
}

function checkProfile(profile: SurveyedProfile): Check {
  const { name, origin, problem, replacedBy, appID, optedOutBy, advice, claims } = profile;
  const place = origin === "user" ? shortPath(profile.source, env) : profile.source;
  if (problem !== null) return ill("profile", name, problem, `mend or delete ${place}`);
  if (appID === null && !env("GS_TELEMETRY_APP_ID")) {
    const words = claims[0] ?? name;
    return ill("profile", name, `${place} names no app, so nothing is sent`, learnCall(call(), words));
  }
  const replaced = replacedBy === null
    ? ""
    : `; for ${replacedBy.claims.join(" and ")} replaced by ${shortPath(replacedBy.source, env)}`;
  const off = optedOutBy === null ? "" : `; off, by ${optedOutBy}`;
  return well("profile", name, `${place}${replaced}${off}`, advice);
}

async function checkVariables(): Promise<Check[]> {
  const wrong = (await findWrongVariables(env)).map(({ name, problem }) =>
    ill("variable", name, problem, `unset ${name}, or mend it; until then nothing is sent`)
  );
  const unknown = findUnknownVariables(Object.keys(process.env), await variablesOfTools()).map(
    ({ name, meant }) =>
      ill(
        "variable",
        name,
        `${name} is not known, and does nothing`,
        meant ? `set ${meant}` : `unset ${name}`,
      ),
  );
  const salt = findSaltProblem(env);
  const saltChecks = salt === undefined
    ? []
    : [ill("variable", "salt", salt, "until it is there, nothing is sent; ask who gave you this program")];
  return [...wrong, ...unknown, ...saltChecks];
}

/** Checks what keeps runs from sending besides variables and the salt, such as the organisation's settings. */
async function checkOtherProblems({ problems }: Status): Promise<Check[]> {
  const told = (await findWrongVariables(env)).map(({ problem }) => problem);
  const others = problems.filter((problem) => !told.includes(problem) && problem !== findSaltProblem(env));
  return others.map((problem) => ill("telemetry", "problem", problem, `see ${call()} status`));
}

async function variablesOfTools(): Promise<string[]> {
  const sound = (await allCandidates(env)).filter(({ problem }) => problem === undefined);
  const ofProfiles = sound.map(({ load }) => load([])).flatMap(({ optOutVariable, testModeVariable }) => [
    optOutVariable ?? "",
    testModeVariable ?? "",
  ]);
  return brand.salt?.kind === "variable" ? [...ofProfiles, brand.salt.name] : ofProfiles;
}

function checkState({ stateDirectory, isWritable }: Status): Check {
  if (stateDirectory === null) {
    return ill("directory", "state", "there is no home to keep signals in, so nothing is sent", "set HOME");
  }
  const place = shortPath(stateDirectory, env);
  return isWritable ? well("directory", "state", `${place} can be written`) : ill(
    "directory",
    "state",
    `${place} cannot be written, so nothing is sent`,
    `see ls -ld ${quotePath(stateDirectory, env)}`,
  );
}

function checkDelivery({ queue, lastError, nextTry, consent }: Status): Check[] {
  if (!consent.given || nextTry === null || lastError === null || queue.length === 0) return [];
  const finding = `${queue.length} waiting; the last try failed: ${lastError.reason}`;
  return [ill("delivery", "queue", finding, `it is tried again at ${nextTry}; to try now: ${call()} flush`)];
}
