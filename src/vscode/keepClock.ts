// What an engine does not store: how fast the clock ran, whether it stood, and what was broken. A fresh
// start begins at the speed of the setting; an engine that takes the place of one that died goes on.
import { workspace } from "vscode";
import { faultKey } from "../api/fault.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import type { Simulator, SimulatorStatus } from "../client/cluster.ts";
import { settings } from "./commandIds.ts";
import type { Session } from "./session.ts";
import { clampSpeed } from "./speeds.ts";

export function keepClock(session: Session): Disposable {
  const owned = new DisposableStore();
  let simulator: Simulator | undefined;
  let last: SimulatorStatus | undefined;
  owned.add(
    session.onState((state) => {
      if (state.phase === "restarting")
        last = state.reason.type === "replaced" ? undefined : (simulator?.status ?? last);
      else if (state.phase !== "running") last = undefined;
      simulator = state.phase === "running" ? state.cluster.simulator : undefined;
      // Another window's cluster goes on as that window wants it. An engine that dies again at once
      // says so by itself.
      if (simulator && state.phase === "running" && state.cluster.isOwn)
        carryOver(simulator, last).catch(() => undefined);
    }),
  );
  return owned;
}

async function carryOver(simulator: Simulator, last: SimulatorStatus | undefined): Promise<void> {
  const { status } = simulator;
  const wanted = clampSpeed(last?.speed ?? workspace.getConfiguration().get(settings.clockSpeed));
  if (status.speed !== wanted) await simulator.setSpeed(wanted);
  if (last?.paused && !status.paused) await simulator.pause();
  const known = new Set(status.faults.map(faultKey));
  for (const fault of last?.faults ?? [])
    if (!known.has(faultKey(fault))) await simulator.inject(fault);
}
