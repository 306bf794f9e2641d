/**
 * The figures of one run of the benchmark, and what they are to be.
 *
 * @module
 */

import { join } from "node:path";
import { captureTool, root } from "../toolchains.ts";
import { caseNames, commandAlone } from "./cases.ts";
import type { Usage } from "./measurer.ts";

const document = join(root, "docs/benchmarks.md");

/** A case's figures: medians over all rounds. */
export interface Row {
  readonly name: string;
  /** In milliseconds. */
  readonly wall: number;
  /** More than the command alone in the same round, in milliseconds. */
  readonly added: number;
  /** More CPU time than the command alone in the same round, in milliseconds. */
  readonly addedCPU: number;
  /** The greatest resident set, in MB. */
  readonly peak: number;
  /** What stays in memory beside the command while it runs, in MB; nothing where there is no wrapper. */
  readonly resident?: number;
}

/** A ratio of figures of one run, and what it is to be. */
export interface Target {
  readonly name: string;
  readonly ratio: number;
  /** Nothing where it only tells how near the limit is. */
  readonly atMost?: number;
}

/** The median. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Sums up a case's rounds against those of the command alone. */
export function summarize(
  name: string,
  rounds: readonly Usage[],
  alone: readonly Usage[],
  residentKiB: number | undefined,
): Row {
  const kiB = 1024 / 1_000_000;
  return {
    name,
    wall: median(rounds.map(({ wall }) => wall)),
    added: median(rounds.map(({ wall }, round) => wall - alone[round].wall)),
    addedCPU: median(rounds.map(({ cpu }, round) => cpu - alone[round].cpu)),
    peak: median(rounds.map(({ peak }) => peak)) * kiB,
    resident: residentKiB === undefined ? undefined : residentKiB * kiB,
  };
}

/**
 * Compares with what is to be reached.
 *
 * @param courierPeaks The courier's greatest resident set by toolchain, in MB.
 */
export function judge(rows: readonly Row[], courierPeaks: Readonly<Record<string, number>>): Target[] {
  const find = (name: string) => rows.find((row) => row.name === name);
  const added = (name: string) => find(name)?.added ?? NaN;
  const ofBinary = (toolchain: "bun" | "deno", recording: number, optedOut: number): Target[] => {
    const names = caseNames(toolchain);
    const start = find(names.empty)?.wall ?? NaN;
    const ratio = (name: string) => added(name) / start;
    const least = added(names.least);
    return [
      {
        name: `${toolchain}: signal, courier started / empty program`,
        ratio: ratio(names.starting),
        atMost: recording,
      },
      { name: `${toolchain}: opted out / empty program`, ratio: ratio(names.optedOut), atMost: optedOut },
      {
        name: `${toolchain}: the least program that becomes a command / empty program`,
        ratio: ratio(names.least),
      },
      {
        name: `${toolchain}: opted out / the least program that becomes a command`,
        ratio: added(names.optedOut) / least,
      },
      {
        name: `${toolchain}: signal, server never answers / signal, courier at work`,
        ratio: added(names.silent) / added(names.atWork),
        atMost: 1.05,
      },
      {
        name: `${toolchain}: courier's peak memory / empty program's`,
        ratio: courierPeaks[toolchain] / (find(names.empty)?.peak ?? NaN),
        atMost: 1.5,
      },
    ];
  };
  const own = added(caseNames("bun").starting);
  const againstPeer = (peer: string, atMost: number): Target => ({
    name: `bun: signal, courier started / ${peer}`,
    ratio: own / added(peer),
    atMost,
  });
  return [
    ...ofBinary("bun", 1.5, 1.15),
    ...ofBinary("deno", 1.35, 1.15),
    againstPeer("sentry-cli monitors run", 0.4),
    againstPeer("sentry-cli, without its npm wrapper", 0.4),
    againstPeer("dotenvx run", 0.05),
  ].filter(({ ratio }) => !Number.isNaN(ratio));
}

/**
 * A table in Markdown.
 *
 * @param missing Why some cases have no figures, by their names.
 */
export function table(rows: readonly Row[], missing: Readonly<Record<string, string>>): string {
  const lines = rows.map(({ name, wall, added, addedCPU, peak, resident }) => {
    const isAlone = name === commandAlone;
    const cells = [wall.toFixed(1), isAlone ? "" : added.toFixed(1), isAlone ? "" : addedCPU.toFixed(1)];
    return `| ${[name, ...cells, peak.toFixed(0), resident?.toFixed(0) ?? ""].join(" | ")} |`;
  });
  return [
    "| | ms | added ms | added CPU ms | peak MB | stays, MB |",
    "|---|--:|--:|--:|--:|--:|",
    ...lines,
    ...Object.entries(missing).map(([name, reason]) => `| ${name}: ${reason} | | | | | |`),
  ].join("\n");
}

/** A case's wall time beside another's. */
export interface Comparison {
  readonly name: string;
  /** In milliseconds. */
  readonly wall: number;
  /** Of the other, in milliseconds. */
  readonly other: number;
  /** Of the two in the same round. */
  readonly ratio: number;
}

/** Compares the wall times of two cases, round by round. */
export function compareWalls(name: string, rounds: readonly Usage[], others: readonly Usage[]): Comparison {
  return {
    name,
    wall: median(rounds.map(({ wall }) => wall)),
    other: median(others.map(({ wall }) => wall)),
    ratio: median(rounds.map(({ wall }, round) => wall / others[round].wall)),
  };
}

/** Comparisons with opted-out runs, as a table in Markdown. */
export function troubleTable(comparisons: readonly Comparison[]): string {
  const lines = comparisons.map(({ name, wall, other, ratio }) =>
    `| ${name} | ${wall.toFixed(1)} | ${other.toFixed(1)} | ${ratio.toFixed(3)} |`
  );
  return ["| | ms | opted out, ms | ratio |", "|---|--:|--:|--:|", ...lines].join("\n");
}

/** Puts tables between the marks of that name in the document. */
export async function putIntoDocument(name: string, tables: string): Promise<void> {
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [before, rest] = (await Deno.readTextFile(document)).split(start);
  const after = rest.split(end)[1];
  await Deno.writeTextFile(document, `${before}${start}\n\n${tables}\n\n${end}${after}`);
  await captureTool([Deno.execPath(), "fmt", "--quiet", document]);
}

/** The targets as a table in Markdown. */
export function targetTable(targets: readonly Target[]): string {
  const lines = targets.map(({ name, ratio, atMost }) => {
    const verdict = atMost === undefined ? "" : ratio <= atMost ? "yes" : "no";
    return `| ${name} | ${ratio.toFixed(2)} | ${atMost ?? ""} | ${verdict} |`;
  });
  return ["| ratio | measured | at most | reached |", "|---|--:|--:|---|", ...lines].join("\n");
}
