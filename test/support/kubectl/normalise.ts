// Makes outputs of kubectl comparable: what differs from run to run becomes a word in angle brackets.
import type { StepOutput } from "./session.ts";

/** What of an output belongs to one run of a session. */
export interface RunNames {
  readonly folder: string;
  readonly namespace: string;
  /** "https://127.0.0.1:6443". */
  readonly server: string;
}

/** The letters of names that the server makes up. Source: apimachinery rand.SafeEncodeString. */
const madeUp = "[bcdfghjklmnpqrstvwxz2456789]";
const nameEnd = String.raw`(?![\w-])`;

/** In this order. */
const replacements: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\r/g, ""],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uid>"],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, "<jwt>"],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| ?[+-]\d\d:?\d\d)?/g, "<ts>"],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, "<ts>"],
  [/^[EWI]\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ /gm, "<klog> "],
  [/(resourceVersion\\?"?[:=] ?\\?"?)\d+/g, "$1<rv>"],
  [/\b(\d{1,3}\.){3}\d{1,3}\b/g, "<ip>"],
  [/\/tmp\/(LIVE|MERGED)-\d+/g, "/tmp/$1-<n>"],
  [/\/tmp\/kubectl-edit-[\w.-]+/g, "/tmp/kubectl-edit-<n>"],
  [new RegExp(String.raw`(pod-template-hash\\?"?[=:]\s*\\?"?)${madeUp}{6,10}\b`, "g"), "$1<hash>"],
  [new RegExp(`-${madeUp}{7,10}-${madeUp}{5}${nameEnd}`, "g"), "-<hash>-<rand>"],
  [new RegExp(`-${madeUp}{8,10}${nameEnd}`, "g"), "-<hash>"],
  [new RegExp(`-${madeUp}{5}${nameEnd}`, "g"), "-<rand>"],
  [/-\d{8,}(?![\w-])/g, "-<num>"],
  [/(\d+:)3\d{4}(\/(TCP|UDP|SCTP))/g, "$1<nodeport>$2"],
  [/^(\s*NodePort:.*?)3\d{4}(\/)/gm, "$1<nodeport>$2"],
  [/\b\d+\.\d+(ms|s)\b/g, "<dur>"],
  [/(^|[\s(])(\d+(ms|[ywdhms])){1,3}(?=[\s)]|$)/gm, "$1<age>"],
  [/(^|\s)<invalid>(?=\s|$)/gm, "$1<age>"],
];

/** A ConfigMap that the recorded server published and upstream's does not. */
const foreign = /openshift-service-ca\.crt/;

/** The output of one step, with the rules that only hold for its command. */
export function normaliseStep(run: string, output: StepOutput, names: RunNames): StepOutput {
  const { code } = output;
  const stdout = normalise(output.stdout, names);
  const stderr = normalise(output.stderr, names).replace(
    /(Expected resource version to be \d+, was )\d+/g,
    "$1<rv>",
  );
  return { code, stdout: stdoutOf(run, code, stdout), stderr };
}

function stdoutOf(run: string, code: number, stdout: string): string {
  const lines = stdout.split("\n");
  if (/^rollout status\b/.test(run))
    return lines.filter((line) => !/^waiting for /i.test(line)).join("\n");
  // The order of Go's maps.
  if (/^(label|annotate)\b.*--list\b/.test(run))
    return `${lines
      .filter((line) => line !== "")
      .sort()
      .join("\n")}\n`;
  // The objects may have been gone before kubectl looked.
  return /^wait\b.*--for=delete\b/.test(run) && code === 0 ? "" : stdout;
}

function normalise(text: string, { folder, namespace, server }: RunNames): string {
  const own = text
    .replaceAll(folder, "$DIR")
    .replaceAll(namespace, "$NS")
    .replaceAll(server, "<server>")
    .replaceAll(server.replace(/^https?:\/\//, ""), "<server>");
  return replacements
    .reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), own)
    .split("\n")
    .filter((line) => !foreign.test(line))
    .map((line) => line.replace(/ {2,}/g, "  ").trimEnd())
    .join("\n")
    .replace(/\n+$/, "\n");
}
