// `conformance`: plays recorded answers of the real components against ours.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Command } from "./command.ts";
import { runSchedulerConformance } from "./conformanceScheduler.ts";
import { runValidationConformance } from "./conformanceValidation.ts";

interface Report {
  readonly passed: number;
  readonly failed: number;
  /** One line per failing case. */
  readonly lines: readonly string[];
}

const areas: Readonly<Record<string, (lines: readonly string[]) => Report>> = {
  scheduler(lines) {
    const { passed, failed, failures } = runSchedulerConformance(lines);
    return { passed, failed, lines: failures.map((f) => `${f.name} ${f.area} ${f.difference}`) };
  },
  validation(lines) {
    const { passed, failed, failures } = runValidationConformance(lines);
    return { passed, failed, lines: failures.map((f) => `${f.id} ${f.difference}`) };
  },
};

/** Prints a line per failing case and ends with `N passed, N failed`. */
export const conformance: Command = ([area = "", path, ...more]) => {
  const run = Object.hasOwn(areas, area) ? areas[area] : undefined;
  if (!run || path === undefined || more.length > 0) {
    process.stderr.write(
      "Usage: kubernetes-tutor conformance scheduler|validation FILE.jsonl[.gz]\n",
    );
    return 2;
  }
  const lines = linesOf(path);
  if (typeof lines === "string") {
    process.stderr.write(`${lines}\n`);
    return 2;
  }
  const report = run(lines);
  process.stdout.write(
    [...report.lines, `${report.passed} passed, ${report.failed} failed`, ""].join("\n"),
  );
  return report.failed === 0 ? 0 : 1;
};

/** The lines that are not blank, or why the file cannot be read. */
function linesOf(path: string): readonly string[] | string {
  try {
    const bytes = readFileSync(path);
    const text = path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
    return text
      .toString("utf8")
      .split("\n")
      .filter((line) => line.trim() !== "");
  } catch (error) {
    return `${path} cannot be read: ${error instanceof Error ? error.message : error}`;
  }
}
