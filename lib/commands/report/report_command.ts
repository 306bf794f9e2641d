import type { PeriodChoice } from "../../report/period.ts";

/** What a command line asks of `report`. */
export interface ReportCommand extends PeriodChoice {
  readonly stores: readonly string[];
  readonly appIDs?: readonly string[];
  /** A profile's name or file, or the first words of a tool's commands. */
  readonly tool?: string;
  readonly command?: string;
  readonly testMode?: boolean;
  readonly leastPeople?: number;
  readonly json?: boolean;
  /** Where the page goes; `-` is standard output. */
  readonly html?: string;
}
