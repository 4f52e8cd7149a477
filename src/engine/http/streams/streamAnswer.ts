// Subresources that reach into what runs: which of them a request takes.
import type { Instant } from "../../../base/time.ts";
import type { HttpResponse } from "../exchange.ts";
import { execAnswer } from "./execAnswer.ts";
import { logAnswer } from "./logAnswer.ts";
import type { StreamWorld } from "./podTarget.ts";
import { portForwardAnswer } from "./portForwardAnswer.ts";
import { proxyAnswer } from "./proxyAnswer.ts";
import type { StreamRequest } from "./streamRequest.ts";

type Answer = (
  asked: StreamRequest,
  world: StreamWorld & { now(): Instant },
) => HttpResponse | Promise<HttpResponse>;

const answers: Readonly<Record<string, Answer>> = {
  "pods/attach": execAnswer,
  "pods/exec": execAnswer,
  "pods/log": logAnswer,
  "pods/portforward": portForwardAnswer,
  "nodes/proxy": (asked, world) => proxyAnswer("nodes", asked, world),
  "pods/proxy": (asked, world) => proxyAnswer("pods", asked, world),
  "services/proxy": (asked, world) => proxyAnswer("services", asked, world),
};

/**
 * How the subresource is answered; the function throws ApiErrors, at once or as rejections.
 * @returns undefined for a resource whose objects are only stored
 */
export function streamAnswer(
  resource: string,
  asked: StreamRequest,
  world: StreamWorld & { now(): Instant },
): (() => HttpResponse | Promise<HttpResponse>) | undefined {
  const answer = answers[`${resource}/${asked.subresource}`];
  return answer && (() => answer(asked, world));
}
