import type { Candidate } from "../profile.ts";
import { kubectlGs } from "./kubectl_gs.ts";

/** The profiles that come with the program. A team's own build puts its own in front (`scripts/entry.ts`). */
export const builtInCandidates: Candidate[] = [kubectlGs];
