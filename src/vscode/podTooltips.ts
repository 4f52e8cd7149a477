// Hovers over Pods and containers: their state in the words of the server.

import { podRequests } from "../api/kinds/pod/requests.ts";
import { podStatusText } from "../api/kinds/pod/summary.ts";
import { quantityText } from "../api/quantity.ts";
import type { Pod } from "../api/types.ts";
import { l10n } from "../base/localize.ts";
import { labelsText } from "./factTexts.ts";
import { code, heading, line, list, text } from "./markdown.ts";
import { containerStateText } from "./podRows.ts";

export function podTooltip(pod: Pod | undefined): string | undefined {
  if (!pod) return undefined;
  const { name, namespace, labels, ownerReferences } = pod.metadata;
  const owner = ownerReferences?.find(({ controller }) => controller);
  const notScheduled = pod.status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  const requests = [...podRequests(pod)].map(
    ([resource, amount]) => `${resource} ${quantityText(amount)}`,
  );
  return [
    heading(`${namespace ?? "default"}/${name}`),
    notScheduled?.message === undefined ? "" : line(text(notScheduled.message)),
    list([
      [l10n.t("Status"), text(podStatusText(pod))],
      [l10n.t("Node"), pod.spec.nodeName ?? l10n.t("none")],
      [l10n.t("IP address"), pod.status?.podIP ?? l10n.t("none")],
      [l10n.t("Controlled by"), owner ? code(`${owner.kind}/${owner.name}`) : l10n.t("nothing")],
      [l10n.t("QoS class"), pod.status?.qosClass ?? ""],
      [l10n.t("Requests"), requests.length === 0 ? l10n.t("none") : requests.join(", ")],
    ]),
    line(`${l10n.t("Labels")}: ${labelsText(labels)}`),
  ].join("");
}

export function containerTooltip(name: string, pod: Pod | undefined): string | undefined {
  const specs = [...(pod?.spec.initContainers ?? []), ...(pod?.spec.containers ?? [])];
  const spec = specs.find((one) => one.name === name);
  if (!pod || !spec) return undefined;
  const statuses = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ];
  const status = statuses.find((one) => one.name === name);
  const message = status?.state?.waiting?.message ?? status?.state?.terminated?.message;
  return [
    heading(name),
    message === undefined ? "" : line(text(message)),
    list([
      [l10n.t("Image"), code(spec.image ?? "")],
      [l10n.t("State"), text(containerStateText(status))],
      [l10n.t("Restarts"), String(status?.restartCount ?? 0)],
    ]),
  ].join("");
}
