/**
 * How telemetry stands, as data.
 *
 * @module
 */

import { askConsent } from "../consent/consent.ts";
import { type Ignored, readOrganisation } from "../consent/organisation.ts";
import { endOf, isInForce } from "../delivery/backoff.ts";
import { isCourierAtWork } from "../delivery/courier_lock.ts";
import { type DeliveryState, nothingKnown, readDeliveryState } from "../delivery/delivery_state.ts";
import { findMisplaced } from "../delivery/misplaced.ts";
import { countRejected, listQueue, recordedAt } from "../delivery/queue_reader.ts";
import { organisationDirectory } from "../directories/organisation_directory.ts";
import { findConfigDirectory } from "../directories/config_directory.ts";
import { findStateDirectory, isStateWritable, type StateDirectory } from "../directories/state_directory.ts";
import { listOrganisationFiles } from "../profile/folder.ts";
import { type SurveyedProfile, surveyProfiles } from "../profile/survey.ts";
import { findAddress } from "../run/address.ts";
import { VariableError } from "../run/options.ts";
import { findWrongVariables } from "../run/variables.ts";
import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";
import { ingestUrl } from "../signal/endpoint.ts";
import { findSaltProblem } from "../signal/salt.ts";
import { hashUser } from "../signal/user.ts";

/** How telemetry stands. Times are in ISO 8601, UTC; null stands for nothing. `docs/delivery.md` documents it. */
export interface Status {
  readonly consent: {
    readonly given: boolean;
    /** The variable or the settings file that decides; null if nobody has chosen. */
    readonly decidedBy: string | null;
    /** Why a settings file counts as a refusal although it does not say so. */
    readonly fault: string | null;
  };
  /** What keeps runs from sending: wrong variables, a salt that this build lacks, what is in the queue's way. */
  readonly problems: readonly string[];
  /** Where signals go; null if that cannot be said. */
  readonly endpoint: string | null;
  /** The user hash in signals. */
  readonly clientUser: string;
  readonly profiles: readonly SurveyedProfile[];
  readonly settingsFile: string | null;
  readonly organisation: OrganisationStatus;
  /** Where signals wait; null without a home. */
  readonly stateDirectory: string | null;
  /** Whether a signal could be kept there. */
  readonly isWritable: boolean;
  readonly queue: { readonly length: number; readonly oldest: string | null };
  /** Whether a courier is at work. */
  readonly isDelivering: boolean;
  readonly lastDelivery: string | null;
  readonly lastError: { readonly at: string; readonly reason: string } | null;
  /** When the first of the servers that are left alone for now is tried again. */
  readonly nextTry: string | null;
  /** Signals that a server has refused for good, kept for a look at them. */
  readonly setAside: number;
  /** Signals given up because they were too many, too old or damaged. */
  readonly dropped: number;
}

/** What the organisation has set up for everyone on this machine. */
export interface OrganisationStatus {
  /** The settings file, which need not be there. */
  readonly settingsFile: string;
  /** What it says of telemetry; null if it says nothing. */
  readonly telemetry: "on" | "off" | null;
  /** What does not count, since others may have written it. */
  readonly ignored: readonly Ignored[];
}

/** Collects how telemetry stands; changes nothing. */
export async function readStatus(now: number): Promise<Status> {
  const { env } = runtime;
  const consent: { given: boolean; decidedBy?: string; fault?: string } = askConsent(env);
  const { given, decidedBy = null, fault = null } = consent;
  const endpoint = findUrl(env);
  const state = findStateDirectory(env);
  return {
    consent: { given, decidedBy, fault },
    problems: [...await findProblems(env), ...(state ? findMisplaced(state, env) : [])],
    endpoint: endpoint instanceof VariableError ? null : endpoint,
    clientUser: await hashUser(undefined, env),
    profiles: await surveyProfiles(env),
    settingsFile: findConfigDirectory(env)?.settings ?? null,
    organisation: surveyOrganisation(),
    stateDirectory: state?.path ?? null,
    isWritable: state !== undefined && isStateWritable(state),
    ...readDelivery(state, given, now),
  };
}

function surveyOrganisation(): OrganisationStatus {
  const { choice, ignored } = readOrganisation();
  const { settings: settingsFile } = organisationDirectory(runtime.env);
  const profiles = listOrganisationFiles().ignored;
  return { settingsFile, telemetry: choice === "none" ? null : choice, ignored: [...ignored, ...profiles] };
}

async function findProblems(env: Environment): Promise<string[]> {
  const saltProblem = findSaltProblem(env);
  const problems = (await findWrongVariables(env)).map(({ problem }) => problem);
  const url = findUrl(env);
  if (url instanceof VariableError && !problems.includes(url.message)) problems.push(url.message);
  return saltProblem === undefined ? problems : [...problems, saltProblem];
}

/** Returns what is wrong if a variable or the organisation's settings are. */
function findUrl(env: Environment): string | VariableError {
  try {
    const { endpoint, namespace } = findAddress({}, env);
    return ingestUrl(endpoint.value, namespace?.value);
  } catch (error) {
    if (error instanceof VariableError) return error;
    throw error;
  }
}

type DeliveryStatus = Pick<
  Status,
  "queue" | "isDelivering" | "lastDelivery" | "lastError" | "nextTry" | "setAside" | "dropped"
>;

function readDelivery(directory: StateDirectory | undefined, isOn: boolean, now: number): DeliveryStatus {
  const names = directory ? listQueue(directory) : [];
  const state: DeliveryState = directory ? readDeliveryState(directory) : nothingKnown;
  const { lastDelivery, lastError, backoffs, dropped } = state;
  const tries = Object.values(backoffs).filter((backoff) => isInForce(backoff, now));
  const nextTry = tries.length > 0 ? Math.min(...tries.map(endOf)) : undefined;
  return {
    queue: { length: names.length, oldest: isoTime(names.length > 0 ? recordedAt(names[0]) : undefined) },
    // Asking creates the lock file. Nothing is created for a user who is opted out.
    isDelivering: isOn && names.length > 0 && directory !== undefined && isCourierAtWork(directory),
    lastDelivery: isoTime(lastDelivery),
    lastError: lastError ? { at: isoTime(lastError.at) ?? "", reason: lastError.reason } : null,
    nextTry: isoTime(nextTry),
    setAside: directory ? countRejected(directory) : 0,
    dropped,
  };
}

function isoTime(time: number | undefined): string | null {
  return time === undefined || Number.isNaN(new Date(time).getTime()) ? null : new Date(time).toISOString();
}
