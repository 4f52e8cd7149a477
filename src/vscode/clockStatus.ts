// The cluster's clock in the status bar, and what one may do with it.
import {
  type QuickPickItem,
  QuickPickItemKind,
  StatusBarAlignment,
  ThemeIcon,
  commands as vscodeCommands,
  window,
} from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import { formatTime, formatTimeOfDay } from "../base/time.ts";
import type { Simulator, SimulatorStatus } from "../client/cluster.ts";
import { type CommandId, commands, contextKeys } from "./commandIds.ts";
import { speedChoices, speedText } from "./speeds.ts";

export class ClockStatus implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly item = this.owned.add(
    window.createStatusBarItem("kubernetesTutor.clock", StatusBarAlignment.Left, 0),
  );
  private following = new DisposableStore();
  private isPaused: boolean | undefined;

  constructor() {
    this.item.name = l10n.t("Cluster Clock");
    this.item.command = commands.showClockActions;
  }

  /** Shows the clock of this cluster; nothing if there is none to control. */
  follow(simulator: Simulator | undefined): void {
    this.following.dispose();
    this.following = new DisposableStore();
    if (!simulator) {
      this.item.hide();
      return;
    }
    this.show(simulator.status);
    this.item.show();
    this.following.add(simulator.onStatus((status) => this.show(status)));
  }

  dispose(): void {
    this.following.dispose();
    this.owned.dispose();
  }

  private show(status: SimulatorStatus): void {
    const { now, paused, speed, behind } = status;
    const time = formatTimeOfDay(now);
    const pace = paused ? l10n.t("paused") : speedText(speed);
    const text = `$(${paused ? "debug-pause" : "clock"}) ${time} ${pace}`;
    if (this.item.text !== text) this.item.text = text;
    const late = behind ? l10n.t("The engine cannot keep up with this speed.") : "";
    const title = l10n.t("The cluster's clock: {0}", formatTime(now));
    this.item.tooltip = late === "" ? title : `${title}\n${late}`;
    this.item.accessibilityInformation = {
      label: l10n.t("Cluster clock {0}, {1}", time, pace),
      role: "button",
    };
    if (this.isPaused === paused) return;
    this.isPaused = paused;
    vscodeCommands.executeCommand("setContext", contextKeys.clockPaused, paused);
  }
}

interface ActionItem extends QuickPickItem {
  readonly command?: CommandId;
}

/** The menu behind the status bar item. */
export async function showClockActions(status: SimulatorStatus): Promise<void> {
  const action = (label: string, icon: string, command: CommandId): ActionItem => ({
    label,
    iconPath: new ThemeIcon(icon),
    command,
  });
  const items: ActionItem[] = [
    status.paused
      ? action(l10n.t("Resume Clock"), "play", commands.resumeClock)
      : action(l10n.t("Pause Clock"), "debug-pause", commands.pauseClock),
    action(l10n.t("Step Clock"), "debug-step-over", commands.stepClock),
    {
      ...action(l10n.t("Set Clock Speed…"), "dashboard", commands.setClockSpeed),
      description: speedText(status.speed),
    },
    { label: "", kind: QuickPickItemKind.Separator },
    action(l10n.t("Open Timeline"), "graph-scatter", commands.openTimeline),
  ];
  const chosen = await window.showQuickPick(items, {
    title: l10n.t("The cluster's clock: {0}", formatTime(status.now)),
  });
  if (chosen?.command) await vscodeCommands.executeCommand(chosen.command);
}

/** Asks for a speed; undefined if the user thought better of it. */
export async function pickSpeed(current: number): Promise<number | undefined> {
  const items = speedChoices.map((speed) => ({
    label: speedText(speed),
    speed,
    ...(speed === current ? { description: l10n.t("current") } : {}),
  }));
  const chosen = await window.showQuickPick(items, {
    title: l10n.t("Set Clock Speed"),
    placeHolder: l10n.t("How fast the cluster's clock runs beside the wall clock"),
  });
  return chosen?.speed;
}
