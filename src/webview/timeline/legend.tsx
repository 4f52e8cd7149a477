// What the marks mean and what the keys do.
import type { ContainerStep, TraceFact, Verb } from "../../api/traceEvent.ts";
import type { StringId } from "../../protocol.ts";
import { glyphOf } from "./glyph.ts";
import { GlyphIcon } from "./icon.tsx";
import type { LaneKind } from "./lane.ts";
import type { Translate } from "./texts.ts";

interface Entry {
  readonly fact: TraceFact;
  readonly color: LaneKind | "alarm" | "muted";
  readonly text: StringId;
}

const pod = { kind: "Pod", namespace: "", name: "" };

const request = (verb: Verb, more: { code?: number; subresource?: string } = {}): TraceFact => ({
  type: "request",
  user: "",
  verb,
  target: pod,
  code: 200,
  ...more,
});

const schedule = (outcome: "scheduled" | "unschedulable"): TraceFact => ({
  type: "schedule",
  pod,
  attempt: 1,
  outcome,
  feasibleNodes: 0,
  evaluatedNodes: 0,
  revision: 0,
});

const step = (name: ContainerStep): TraceFact => ({
  type: "container",
  node: "",
  pod,
  step: name,
  message: "",
});

const entries: readonly Entry[] = [
  { fact: request("create"), color: "api", text: "legend.create" },
  { fact: request("update"), color: "api", text: "legend.update" },
  { fact: request("patch"), color: "api", text: "legend.patch" },
  { fact: request("delete"), color: "api", text: "legend.delete" },
  { fact: request("create", { subresource: "binding" }), color: "api", text: "legend.bind" },
  { fact: request("create", { code: 409 }), color: "alarm", text: "legend.refused" },
  { fact: schedule("scheduled"), color: "scheduler", text: "legend.scheduled" },
  { fact: schedule("unschedulable"), color: "alarm", text: "legend.unschedulable" },
  {
    fact: { type: "reconcile", controller: "", key: "", writes: 1 },
    color: "controllers",
    text: "legend.reconcile",
  },
  { fact: step("pulled"), color: "node", text: "legend.pulled" },
  { fact: step("created"), color: "node", text: "legend.created" },
  { fact: step("started"), color: "node", text: "legend.started" },
  { fact: step("ready"), color: "node", text: "legend.ready" },
  { fact: step("unready"), color: "alarm", text: "legend.unready" },
  { fact: step("exited"), color: "node", text: "legend.exited" },
  { fact: step("backOff"), color: "alarm", text: "legend.backOff" },
  { fact: step("killing"), color: "node", text: "legend.killing" },
  { fact: step("removed"), color: "node", text: "legend.removed" },
  {
    fact: { type: "report", node: "", report: "lease", changed: [] },
    color: "muted",
    text: "legend.reports",
  },
  { fact: { type: "election", member: "", term: 0 }, color: "api", text: "legend.election" },
  {
    fact: { type: "fault", fault: { type: "powerOff", node: "" }, healed: false },
    color: "alarm",
    text: "legend.fault",
  },
];

const keys: readonly (readonly [keys: string, text: StringId])[] = [
  ["← →", "keys.marks"],
  ["↑ ↓", "keys.lanes"],
  ["Enter", "keys.select"],
  ["[ ]", "keys.causes"],
  ["+ −  W S", "keys.zoom"],
  ["A D", "keys.pan"],
  ["0", "keys.all"],
  ["F", "keys.follow"],
  ["Esc", "keys.clear"],
  ["⇧", "keys.measure"],
];

export const Legend = ({ t }: { readonly t: Translate }) => (
  <div class="legend">
    <h3>{t("legend.title")}</h3>
    <ul>
      {entries.map(({ fact, color, text }) => (
        <li key={text}>
          <GlyphIcon glyph={glyphOf({ ...fact, id: 0, at: 0 })} color={color} /> {t(text)}
        </li>
      ))}
    </ul>
    <h3>{t("keys.title")}</h3>
    <dl>
      {keys.map(([key, text]) => (
        <>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{t(text)}</dd>
        </>
      ))}
    </dl>
  </div>
);
