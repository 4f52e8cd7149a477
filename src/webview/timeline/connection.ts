// Keeps the model in step with the extension: asks for everything, then follows the streams.
import type { Remote } from "../../base/rpc.ts";
import type { TimelineContract } from "../../protocol.ts";
import type { TimelineModel } from "./model.ts";
import type { Host } from "./view.ts";

/** A steadily growing clock, in milliseconds of wall time. */
type WallClock = () => number;

/** A cluster that ends is not asked again at once. */
const retryMs = 500;

/** Runs for as long as the page lives: when a cluster ends, it waits for the next one. */
export async function follow(
  remote: Remote<TimelineContract>,
  model: TimelineModel,
  wallClock: WallClock,
): Promise<void> {
  void followReveals(remote, model);
  for (;;) {
    const init = await remote.call("init");
    model.start(init, wallClock());
    const ended = new AbortController();
    await Promise.race([
      followEvents(remote, model, ended.signal),
      followStatus(remote, model, wallClock, ended.signal),
    ]).catch(() => undefined);
    ended.abort();
    model.connection.value = "lost";
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** What the user asks for goes to the extension, which tells of failures itself. */
export function hostOf(remote: Remote<TimelineContract>): Host {
  const quietly = (call: Promise<unknown>): void => void call.catch(() => undefined);
  return {
    explain: (id) => remote.call("explain", id),
    pause: () => quietly(remote.call("pause")),
    resume: () => quietly(remote.call("resume")),
    setSpeed: (speed) => quietly(remote.call("setSpeed", speed)),
    step: () => quietly(remote.call("step")),
    openObject: (ref) => quietly(remote.call("openObject", ref)),
  };
}

async function followEvents(
  remote: Remote<TimelineContract>,
  model: TimelineModel,
  signal: AbortSignal,
): Promise<void> {
  for await (const batch of remote.stream("events", [1], signal)) model.add(batch);
}

async function followStatus(
  remote: Remote<TimelineContract>,
  model: TimelineModel,
  wallClock: WallClock,
  signal: AbortSignal,
): Promise<void> {
  for await (const batch of remote.stream("status", [], signal)) {
    const latest = batch.at(-1);
    if (latest) model.report(latest, wallClock());
  }
}

async function followReveals(
  remote: Remote<TimelineContract>,
  model: TimelineModel,
): Promise<void> {
  for await (const batch of remote.stream("reveal", [])) {
    const latest = batch.at(-1);
    if (latest !== undefined) model.reveal(latest);
  }
}
