// What crosses the line between the engine's worker and everyone else.
import type { Fault } from "../api/fault.ts";
import type { ApiRequest, ApiResponse, WatchEvent } from "../api/request.ts";
import type { SchedulingExplanation } from "../api/schedulingExplanation.ts";
import type { TraceEvent } from "../api/traceEvent.ts";
import type { Millis } from "../base/time.ts";
import type { SimulatorStatus } from "./cluster.ts";

export interface EngineContract {
  calls: {
    /** Answers once the write is durable. */
    request(request: ApiRequest): ApiResponse;
    explain(scheduleEventId: number): SchedulingExplanation | undefined;
    status(): SimulatorStatus;
    /** YAML. */
    schedulerConfiguration(): string;
    /** @returns what is wrong; empty if kube-scheduler runs by it now */
    setSchedulerConfiguration(text: string): readonly string[];
    pause(): void;
    resume(): void;
    setSpeed(speed: number): void;
    step(span: Millis | undefined): void;
    inject(fault: Fault): void;
    heal(fault: Fault): void;
    /** Stops the engine and closes what it stored. */
    close(): void;
  };
  streams: {
    watch(request: ApiRequest): WatchEvent[];
    trace(from: number): TraceEvent[];
    /** One element whenever something changed, a few times a second. */
    statuses(): SimulatorStatus[];
  };
}
