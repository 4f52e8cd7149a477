// Subresources that reach into what runs: which of them a request takes.
import type { Instant } from "../../../base/time.ts";
import type { HttpResponse } from "../exchange.ts";
import { execAnswer } from "./execAnswer.ts";
import { logAnswer } from "./logAnswer.ts";
import type { StreamWorld } from "./podTarget.ts";
import { portForwardAnswer } from "./portForwardAnswer.ts";
import type { PodRequest } from "./streamRequest.ts";

type Answer = (asked: PodRequest, world: StreamWorld & { now(): Instant }) => HttpResponse;

const answers: Readonly<Record<string, Answer>> = {
  "pods/attach": execAnswer,
  "pods/exec": execAnswer,
  "pods/log": logAnswer,
  "pods/portforward": portForwardAnswer,
};

/** @returns undefined for a resource whose objects are only stored. @throws ApiError */
export function streamAnswer(
  resource: string,
  asked: PodRequest,
  world: StreamWorld & { now(): Instant },
): HttpResponse | undefined {
  return answers[`${resource}/${asked.subresource}`]?.(asked, world);
}
