// Recorded kubectl sessions, one JSON object a line.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../vscode/paths.ts";

export interface Session {
  readonly name: string;
  readonly area: string;
  readonly steps: readonly SessionStep[];
  /** Arguments of kubectl that tidy up, whatever happened. */
  readonly cleanup?: readonly string[];
}

export interface SessionStep {
  /** What follows `kubectl` on a shell's command line. */
  readonly run: string;
  readonly stdin?: string;
  /** Written into the session's folder before the step; they stay for later ones. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds; 60 if absent. */
  readonly timeout?: number;
  readonly expect: StepOutput;
}

/** What a step came to, made comparable. */
export interface StepOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The sessions recorded on a real control plane, kube-apiserver 1.34.2 and kubectl 1.34.5. */
export function recordedSessions(): readonly Session[] {
  const file = join(root, "test/conformance/kubectl/sessions.jsonl");
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Session);
}
