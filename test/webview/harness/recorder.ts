// Writes events down as the engine's trace would: numbered, in order of time, each with its cause.
import type { Fault } from "../../../src/api/fault.ts";
import type { ObjectRef } from "../../../src/api/object.ts";
import type {
  ContainerStep,
  ReportEvent,
  RequestEvent,
  ScheduleEvent,
  TraceEvent,
  TraceFact,
  Verb,
} from "../../../src/api/traceEvent.ts";
import type { Instant } from "../../../src/base/time.ts";

interface Planned {
  readonly at: Instant;
  readonly fact: TraceFact;
  readonly cause: Planned | undefined;
}

/** A moment to which others refer as their cause. */
export type Moment = Planned;

interface RequestOptions {
  readonly subresource?: string;
  readonly code?: number;
  readonly message?: string;
}

export class Recorder {
  private readonly planned: Planned[] = [];

  request(
    at: Instant,
    cause: Moment | undefined,
    user: string,
    verb: Verb,
    target: ObjectRef,
    options: RequestOptions = {},
  ): Moment {
    const code = options.code ?? (verb === "create" ? 201 : 200);
    return this.plan(at, cause, { type: "request", user, verb, target, ...options, code });
  }

  reconcile(at: Instant, cause: Moment, controller: string, key: string, writes = 1): Moment {
    return this.plan(at, cause, { type: "reconcile", controller, key, writes });
  }

  schedule(
    at: Instant,
    cause: Moment | undefined,
    pod: ObjectRef,
    result: Partial<ScheduleEvent>,
  ): Moment {
    return this.plan(at, cause, {
      type: "schedule",
      pod,
      attempt: 1,
      outcome: "scheduled",
      feasibleNodes: 3,
      evaluatedNodes: 4,
      revision: 0,
      ...result,
    });
  }

  step(
    at: Instant,
    cause: Moment,
    node: string,
    pod: ObjectRef,
    step: ContainerStep,
    message: string,
    container = "nginx",
  ): Moment {
    return this.plan(at, cause, { type: "container", node, pod, container, step, message });
  }

  report(
    at: Instant,
    node: string,
    report: ReportEvent["report"],
    changed: readonly string[] = [],
  ): Moment {
    return this.plan(at, undefined, { type: "report", node, report, changed });
  }

  fault(at: Instant, fault: Fault, healed = false): Moment {
    return this.plan(at, undefined, { type: "fault", fault, healed });
  }

  /** Numbered in order of time; each write that succeeds makes a revision. */
  events(): readonly TraceEvent[] {
    const ordered = this.planned
      .map((moment, order) => ({ moment, order }))
      .sort((a, b) => a.moment.at - b.moment.at || a.order - b.order)
      .map(({ moment }) => moment);
    const ids = new Map(ordered.map((moment, i) => [moment, i + 1]));
    let revision = 400;
    return ordered.map((moment, i): TraceEvent => {
      const { fact, at } = moment;
      const cause = moment.cause && ids.get(moment.cause);
      const numbered =
        fact.type === "request" && fact.code < 400
          ? ({ ...fact, revision: ++revision } satisfies RequestEvent)
          : fact.type === "schedule"
            ? { ...fact, revision }
            : fact;
      return { ...numbered, id: i + 1, at, ...(cause === undefined ? {} : { cause }) };
    });
  }

  private plan(at: Instant, cause: Moment | undefined, fact: TraceFact): Moment {
    const moment = { at, fact, cause };
    this.planned.push(moment);
    return moment;
  }
}
