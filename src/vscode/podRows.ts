// Rows of Pods and their containers.
import { isPodReady, isTerminal } from "../api/kinds/pod/kind.ts";
import { podStatusText, restartsOf } from "../api/kinds/pod/summary.ts";
import type { ContainerStatus, Pod } from "../api/types.ts";
import { l10n } from "../base/localize.ts";
import { bad, good, type Icon, muted, row, separator, type TreeRow, waiting } from "./treeRow.ts";

export function podRow(pod: Pod | undefined): TreeRow | undefined {
  if (!pod) return undefined;
  const status = podStatusText(pod);
  const restarts = restartsOf(pod);
  const { name, namespace } = pod.metadata;
  const parts = [
    status,
    pod.spec.nodeName ? readyCountText(pod) : "",
    restarts === 0 ? "" : l10n.t("{0} restarts", restarts),
    namespace === undefined || namespace === "default" ? "" : namespace,
  ];
  return row(name, {
    description: parts.filter((part) => part !== "").join(separator),
    icon: podIcon(pod, status),
    collapsible: "collapsed",
    context: isMirror(pod) ? "pod.static" : "pod",
  });
}

/** Stands for a Pod that its node runs from a manifest. */
function isMirror({ metadata }: Pod): boolean {
  return metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;
}

/** "1/2 ready" as kubectl's READY column counts. */
function readyCountText({ spec, status }: Pod): string {
  const ready = (status?.containerStatuses ?? []).filter((container) => container.ready).length;
  return `${ready}/${spec.containers.length}`;
}

const troubled = /BackOff|Err|Error|Invalid|OOMKilled|Failed|Evicted|Unknown|ExitCode|Signal/;

function podIcon(pod: Pod, status: string): Icon {
  if (pod.metadata.deletionTimestamp !== undefined) return { id: "trash", color: muted };
  if (pod.status?.phase === "Succeeded") return { id: "check", color: muted };
  if (isTerminal(pod) || troubled.test(status)) return { id: "error", color: bad };
  if (isPodReady(pod)) return { id: "pass", color: good };
  if (!pod.spec.nodeName) return { id: "question", color: waiting };
  return { id: "loading", color: waiting };
}

export function containerRow(
  name: string,
  isInit: boolean,
  pod: Pod | undefined,
): TreeRow | undefined {
  if (!pod) return undefined;
  const statuses = isInit ? pod.status?.initContainerStatuses : pod.status?.containerStatuses;
  const status = statuses?.find((one) => one.name === name);
  const specs = isInit ? pod.spec.initContainers : pod.spec.containers;
  const image = specs?.find((one) => one.name === name)?.image ?? "";
  const parts = [containerStateText(status), isInit ? l10n.t("init") : "", image];
  return row(name, {
    description: parts.filter((part) => part !== "").join(separator),
    icon: containerIcon(status),
    collapsible: "none",
    context: "container",
  });
}

/** The runtime's words: "Running", "ContainerCreating", "Completed", ... */
export function containerStateText(status: ContainerStatus | undefined): string {
  const { running, waiting: held, terminated } = status?.state ?? {};
  if (running) return "Running";
  if (terminated) return terminated.reason ?? `ExitCode:${terminated.exitCode}`;
  return held?.reason ?? "Waiting";
}

function containerIcon(status: ContainerStatus | undefined): Icon {
  const { running, terminated, waiting: held } = status?.state ?? {};
  if (terminated) {
    const failed = terminated.exitCode !== 0;
    return failed ? { id: "error", color: bad } : { id: "check", color: muted };
  }
  if (running) return { id: "symbol-method", color: status?.ready ? good : waiting };
  return { id: "symbol-method", color: troubled.test(held?.reason ?? "") ? bad : waiting };
}
