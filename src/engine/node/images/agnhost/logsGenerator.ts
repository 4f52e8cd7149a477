// agnhost logs-generator: so many lines in so much time. Source: test/images/agnhost/logs-generator.
import { type Millis, second } from "../../../../base/time.ts";
import type { Executable } from "../../process/process.ts";
import { pause } from "../../steps.ts";
import { flagsOf } from "../flags.ts";
import { klogLine } from "../klogLine.ts";

const verbs = ["GET", "PUT", "POST"];
const namespaces = ["default", "kube-system", "ns"];

export const logsGenerator: Executable = function* (process) {
  const { values } = flagsOf(process.argv.slice(2));
  const lines = Number(values.get("log-lines-total") ?? 0);
  const span = durationOf(values.get("run-duration") ?? "0s");
  if (lines <= 0 || span <= 0) {
    process.stderr.write("Invalid total number of lines\n");
    return 255;
  }
  const { random } = process;
  for (let i = 0; i < lines; i++) {
    const verb = verbs[random.below(verbs.length)];
    const namespace = namespaces[random.below(namespaces.length)];
    const request = `${verb} /api/v1/namespaces/${namespace}/pods/${random.suffix(4)} ${200 + random.below(400)}`;
    process.stderr.write(klogLine(process, "logs_generator.go", `${i} ${request}`));
    yield pause(span / lines, "next line");
  }
  return 0;
};

const units: Readonly<Record<string, Millis>> = {
  ms: 1,
  s: second,
  m: 60 * second,
  h: 3_600 * second,
};

/** "1m30s". */
export function durationOf(text: string): Millis {
  let span = 0;
  for (const [, amount = "0", unit = "s"] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    span += Number(amount) * (units[unit] ?? 0);
  return span;
}
