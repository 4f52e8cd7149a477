// A line as Go programs of Kubernetes write it. Source: k8s.io/klog/v2 formatHeader.
import { civilTime } from "../../../base/time.ts";
import type { ProcessContext } from "../process/process.ts";
import { timeOf } from "./httpDate.ts";

/** "I0101 00:00:05.123000       1 netexec.go:123] …", with the newline. */
export function klogLine(
  process: Pick<ProcessContext, "now" | "pid">,
  source: string,
  text: string,
): string {
  const now = process.now();
  const { month, date } = civilTime(now);
  const two = (value: number): string => String(value).padStart(2, "0");
  const micros = `${String(now % 1_000).padStart(3, "0")}000`;
  const pid = String(process.pid).padStart(7);
  return `I${two(month)}${two(date)} ${timeOf(now)}.${micros} ${pid} ${source}:100] ${text}\n`;
}
