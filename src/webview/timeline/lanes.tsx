// The column of names beside the lanes. Only those in sight are in the document.
import type { TimelineStatus } from "../../protocol.ts";
import { Icon } from "./icon.tsx";
import { type Lane, laneOfFault } from "./lane.ts";
import type { Translate } from "./texts.ts";

interface LaneLabelsProps {
  readonly lanes: readonly Lane[];
  readonly status: TimelineStatus;
  readonly t: Translate;
}

export const LaneLabels = ({ lanes, status, t }: LaneLabelsProps) => (
  <div class="lane-labels">
    {lanes.map((lane) => (
      <div
        key={lane.id}
        class={`lane-label lane-${lane.kind}`}
        style={{ top: `${lane.top}px`, height: `${lane.height}px` }}
      >
        <div class="lane-title" title={titleOf(lane)}>
          <Icon name={iconOf(lane)} />
          <span>{titleOf(lane)}</span>
        </div>
        <div class="lane-role">{roleOf(lane, t)}</div>
        <LaneState lane={lane} status={status} t={t} />
      </div>
    ))}
  </div>
);

const LaneState = ({ lane, status, t }: { lane: Lane; status: TimelineStatus; t: Translate }) => {
  const isStopped = status.faults.some(
    (fault) =>
      (fault.type === "powerOff" || fault.type === "stopComponent") &&
      laneOfFault(fault) === lane.id,
  );
  const node = status.nodes.find(({ name }) => name === lane.node);
  const notReady = node?.notReady.at(-1);
  return (
    <div class="lane-state">
      {isStopped && (
        <span class="bad">
          <Icon name="zap" /> {t(lane.kind === "node" ? "lane.poweredOff" : "lane.stopped")}
        </span>
      )}
      {notReady && notReady.to === undefined && (
        <span class="bad">
          <Icon name="warning" /> {t("lane.notReady")}
        </span>
      )}
    </div>
  );
};

const controllerManager = "kube-controller-manager";

function titleOf({ kind, node }: Lane): string {
  if (kind === "api") return "kube-apiserver";
  if (kind === "scheduler") return "kube-scheduler";
  return kind === "controllers" ? controllerManager : (node ?? "");
}

function roleOf({ kind, isControlPlane, isGone }: Lane, t: Translate): string {
  if (kind !== "node") return t(`lane.${kind}`);
  if (isGone) return t("lane.gone");
  return t(isControlPlane ? "lane.controlPlane" : "lane.worker");
}

function iconOf({ kind, isControlPlane }: Lane): string {
  if (kind === "api") return "database";
  if (kind === "scheduler") return "target";
  if (kind === "controllers") return "sync";
  return isControlPlane ? "server-environment" : "server";
}
