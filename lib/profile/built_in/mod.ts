import { builtInCandidates, type Profile } from "../profile.ts";

/** The profiles that come with the program, whole. */
export const builtInProfiles: readonly Profile[] = builtInCandidates().map(({ load }) => load([]));
