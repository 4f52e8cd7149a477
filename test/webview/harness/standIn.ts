// Plays the extension inside a page: serves a recording to the timeline and lets its clock run.
// The page's address chooses: ?lang=ko&paused&now=120&nodes=1000&events=100000&empty&remote
import type { ScheduleEvent, TraceEvent } from "../../../src/api/traceEvent.ts";
import { disposable } from "../../../src/base/disposable.ts";
import { Emitter } from "../../../src/base/emitter.ts";
import { type Port, type StreamSink, serve } from "../../../src/base/rpc.ts";
import type {
  StringId,
  TimelineContract,
  TimelineNode,
  TimelineStatus,
} from "../../../src/protocol.ts";
import { isHeartbeat } from "../../../src/webview/timeline/filters.ts";
import strings from "../../../src/webview/timeline/strings.json";
import { explainLarge, explainSmall } from "./explanations.ts";
import { textsOfLowContrast } from "./lowContrast.ts";
import { recordCluster, repeated } from "./recording.ts";

// The theme's variables, where VS Code puts them. Set through the object model, the policy allows it.
document.documentElement.style.cssText = document.body.dataset.variables ?? "";

// A panel that is opened has no state, one that is loaded again gets its state back.
const [navigation] = performance.getEntriesByType("navigation");
if (navigation instanceof PerformanceNavigationTiming && navigation.type !== "reload")
  sessionStorage.clear();

const options = new URLSearchParams(location.search);
const language = options.get("lang") === "ko" ? "ko" : "en";
const recording = repeated(recordCluster(), Number(options.get("events") ?? 0));
const first = recording.events[0]?.at ?? 0;
const endOfShow = options.has("now") ? first + Number(options.get("now")) * 1_000 : recording.end;
const events = recording.events.filter(
  (event) => event.at <= endOfShow && (!options.has("empty") || isHeartbeat(event)),
);
const extraNodes = Number(options.get("nodes") ?? 0);

let status: TimelineStatus = {
  now: endOfShow,
  paused: options.has("paused"),
  speed: Number(options.get("speed") ?? 1),
  behind: false,
  faults: faultsAt(endOfShow),
  nodes: nodesAt(endOfShow),
};
const statuses = new Set<StreamSink<TimelineStatus>>();
/** What the view asked for, so that a test can look. */
const asked: unknown[] = [];
Object.assign(globalThis, { asked, acquireVsCodeApi, textsOfLowContrast });

function acquireVsCodeApi() {
  const toHost = new Emitter<unknown>();
  const host: Port = {
    post: (message) => queueMicrotask(() => window.postMessage(structuredClone(message))),
    onMessage: toHost.event,
  };
  serveRecording(host);
  setInterval(() => {
    if (!status.paused) change({ now: status.now + 250 * status.speed });
  }, 250);
  return {
    postMessage: (message: unknown) => toHost.fire(structuredClone(message)),
    getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null"),
    setState: (state: unknown) => {
      const text = JSON.stringify(state);
      sessionStorage.setItem("state", text);
      document.body.dataset.state = text;
    },
  };
}

function serveRecording(port: Port): void {
  serve<TimelineContract>(port, {
    calls: {
      init: () => ({
        clusterName: "tutor",
        strings: texts(),
        status,
        hasSimulator: !options.has("remote"),
      }),
      explain: (id) => explanationOf(events.find((event) => event.id === id)),
      pause: () => change({ paused: true }),
      resume: () => change({ paused: false }),
      setSpeed: (speed) => change({ speed }),
      step: () => change({ now: status.now + 1_000 }),
      openObject: (ref) => void asked.push(ref),
    },
    streams: {
      events: (from, sink) => {
        sink.next(events.filter(({ id }) => id >= from));
        return disposable(() => undefined);
      },
      status: (sink) => {
        statuses.add(sink);
        sink.next([status]);
        return disposable(() => statuses.delete(sink));
      },
      reveal: (sink) => {
        const id = options.get("reveal");
        if (id) sink.next([revealed(id)]);
        return disposable(() => undefined);
      },
    },
  });
}

function change(changed: Partial<TimelineStatus>): void {
  status = { ...status, ...changed };
  for (const sink of statuses) sink.next([status]);
}

function texts(): Record<StringId, string> {
  const entries = Object.entries(strings).map(([id, text]) => [id, text[language]]);
  return Object.fromEntries(entries) as Record<StringId, string>;
}

function explanationOf(event: TraceEvent | undefined) {
  if (event?.type !== "schedule") return undefined;
  const explanation = extraNodes > 0 ? explainLarge(event, extraNodes) : explainSmall(event);
  return { ...explanation, sentences: ["One sentence."], help: ["One remedy."] };
}

/** "scheduled", "unschedulable" or a verb: the first event of that kind. */
function revealed(name: string): number {
  const found = events.find(
    (event) =>
      (event as Partial<ScheduleEvent>).outcome === name ||
      (event.type === "request" && event.verb === name) ||
      event.type === name,
  );
  return found?.id ?? Number(name);
}

function nodesAt(now: number): readonly TimelineNode[] {
  const known = recording.nodes.map((node) => ({
    ...node,
    notReady: node.notReady
      .filter(({ from }) => from <= now)
      .map(({ to, ...span }) => (to === undefined || to > now ? span : { ...span, to })),
  }));
  const more = Array.from({ length: extraNodes }, (_, i) => ({
    name: `node-${String(i).padStart(4, "0")}`,
    isControlPlane: false,
    notReady: [],
  }));
  return [...known, ...more];
}

function faultsAt(now: number) {
  const last = recording.events.findLast((event) => event.type === "fault" && event.at <= now);
  return last?.type === "fault" && !last.healed ? [last.fault] : [];
}
