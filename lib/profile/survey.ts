/**
 * All profiles at a glance: what they claim, what is wrong with them, and which of them are opted out.
 *
 * @module
 */

import { refusingVariables } from "../consent/consent.ts";
import type { Environment } from "../runtime/runtime.ts";
import { findStateDirectory } from "../directories/state_directory.ts";
import { hashUser } from "../signal/user.ts";
import { allCandidates } from "./select.ts";
import { standingOf } from "./claim.ts";
import { findMisfit } from "./fit.ts";
import type { Candidate, Origin, Profile } from "./profile.ts";

/** What there is to know about a profile; null stands for nothing. */
export interface SurveyedProfile {
  readonly name: string;
  /** Its file, or into what it is built. */
  readonly source: string;
  readonly origin: Origin;
  /** The app that gets its signals, unless the caller names one. */
  readonly appID: string | null;
  /** The first words of the command lines that it claims. */
  readonly claims: readonly string[];
  /** What is wrong with it: nothing is sent for the commands that it claims. */
  readonly problem: string | null;
  /** The stronger profile that holds in its place, and for which of its claims. */
  readonly replacedBy: { readonly source: string; readonly claims: readonly string[] } | null;
  /** What its author should change, although it works. */
  readonly advice: string | null;
  /** The variable of its own that opts out of its tool's telemetry, if that is set. */
  readonly optedOutBy: string | null;
  /** The user hash in signals about its tool. */
  readonly clientUser: string | null;
}

/** Looks at the built-in profiles and those of the user's directory. */
export async function surveyProfiles(env: Environment): Promise<SurveyedProfile[]> {
  const candidates = await allCandidates(env);
  return await Promise.all(candidates.map((candidate) => survey(candidate, candidates, env)));
}

async function survey(
  candidate: Candidate,
  all: readonly Candidate[],
  env: Environment,
): Promise<SurveyedProfile> {
  const { name, source, origin, match = [], advice } = candidate;
  const claims = match.map((words) => words.join(" "));
  const { conflict, replacedBy = null } = standingOf(candidate, all);
  const problem = candidate.problem ?? conflict ?? null;
  const profile = candidate.problem === undefined ? candidate.load([]) : undefined;
  const state = findStateDirectory(env);
  const misfit = profile && state && await findMisfit(candidate, profile, state, env);
  return {
    name,
    source,
    origin,
    appID: profile?.appID ?? null,
    claims,
    problem,
    replacedBy,
    advice: [advice, misfit].filter((text) => text).join("; ") || null,
    optedOutBy: profile ? ownRefusal(profile, env) : null,
    clientUser: profile ? await hashUser(profile.identity, env) : null,
  };
}

function ownRefusal({ optOutVariable }: Profile, env: Environment): string | null {
  const general = refusingVariables(env);
  return refusingVariables(env, optOutVariable).find((name) => !general.includes(name)) ?? null;
}
