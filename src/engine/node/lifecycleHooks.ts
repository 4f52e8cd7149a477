// Hooks after the start and before the stop of a container.
// Source: pkg/kubelet/lifecycle/handlers.go, kubernetes v1.34.
import type { Container, HTTPGetAction, LifecycleHandler, Pod } from "../../api/types.ts";
import { second } from "../../base/time.ts";
import { execSync } from "./containerExec.ts";
import type { NodeServices } from "./nodeServices.ts";
import { podText } from "./podView.ts";
import { httpGet, httpUrl } from "./probeAction.ts";
import { pause, type Steps } from "./steps.ts";

const userAgent = "kube-lifecycle/1.34";

/** @returns why it failed, in the kubelet's words; undefined if it did not */
export function* runHook(
  services: NodeServices,
  pod: Pod,
  { container, handler }: { readonly container: Container; readonly handler: LifecycleHandler },
): Steps<string | undefined> {
  const where = `for Container "${container.name}" in Pod "${podText(pod)}" failed - error`;
  if (handler.exec) {
    const { command = [] } = handler.exec;
    const failure = yield* execHook(services, pod, container, command);
    return failure && `Exec lifecycle hook ([${command.join(" ")}]) ${where}: ${failure}`;
  }
  if (handler.httpGet) {
    const failure = yield* httpHook(services, pod, container, handler.httpGet);
    return failure && `HTTP lifecycle hook (${handler.httpGet.path ?? ""}) ${where}: ${failure}`;
  }
  if (handler.sleep) yield pause(handler.sleep.seconds * second, `hook of ${container.name}`);
  return undefined;
}

function* execHook(
  { runtime }: NodeServices,
  pod: Pod,
  { name }: Container,
  command: readonly string[],
): Steps<string | undefined> {
  const result = yield* execSync(runtime, pod.metadata.uid ?? "", name, command);
  if ("error" in result) return `rpc error: code = Unknown desc = ${result.error}, message: ""`;
  const { exitCode, stdout, stderr } = result;
  if (exitCode === 0) return undefined;
  const message = JSON.stringify(stdout + stderr);
  return `command '${command.join(" ")}' exited with ${exitCode}: ${stderr}, message: ${message}`;
}

function* httpHook(
  services: NodeServices,
  pod: Pod,
  container: Container,
  action: HTTPGetAction,
): Steps<string | undefined> {
  const url = httpUrl(services, pod, container, action);
  const answer = yield* httpGet(services, url, action.httpHeaders ?? [], userAgent);
  if ("error" in answer) return answer.error;
  // The status does not matter to a hook.
  return undefined;
}
