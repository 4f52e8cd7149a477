// What every component of the view is given.
import type { Signal } from "@preact/signals";
import type { ObjectRef } from "../../api/object.ts";
import type { ExplainedDecision } from "../../protocol.ts";
import type { TimelineModel } from "./model.ts";
import type { Theme } from "./theme.ts";

export interface View {
  readonly model: TimelineModel;
  readonly theme: Signal<Theme>;
  readonly host: Host;
  /** Pixels across, of the panel beside the chart. */
  readonly inspectorSize: Signal<number>;
}

/** The intents that go to the extension. Failures show up in the status, or not at all. */
export interface Host {
  explain(scheduleEventId: number): Promise<ExplainedDecision | undefined>;
  pause(): void;
  resume(): void;
  setSpeed(speed: number): void;
  step(): void;
  openObject(ref: ObjectRef): void;
}

export interface ViewProps {
  readonly view: View;
}
