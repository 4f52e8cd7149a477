// Hooks after the start and before the stop of a container.
// Source: pkg/kubelet/lifecycle/handlers.go, kubernetes v1.34.
import type { Container, LifecycleHandler, Pod } from "../../api/types.ts";
import { type Millis, second } from "../../base/time.ts";
import { programFor } from "./imagePrograms.ts";
import type { NodeServices } from "./nodeServices.ts";
import { portNumber } from "./probeAction.ts";

export interface HookOutcome {
  readonly span: Millis;
  /** Why it failed, in the kubelet's words. */
  readonly failure?: string;
}

/** How long a hook takes, and whether it works. */
export function hookOutcome(
  { runtime }: NodeServices,
  pod: Pod,
  { container, handler }: { readonly container: Container; readonly handler: LifecycleHandler },
): HookOutcome {
  const uid = pod.metadata.uid ?? "";
  if (handler.sleep) return { span: handler.sleep.seconds * second };
  if (handler.exec) {
    const command = handler.exec.command ?? [];
    const { command: _, args: __, ...rest } = container;
    const { exit } = programFor({ container: { ...rest, command }, env: {} });
    // What would not end by itself, e.g. `nginx -s quit` taken for a server, returns at once.
    if (!exit || exit.exitCode === 0) return { span: exit?.after ?? 0 };
    return {
      span: exit.after,
      failure: `Exec lifecycle hook (${goList(command)}) for Container "${container.name}" in Pod "${pod.metadata.name}_${pod.metadata.namespace}(${uid})" failed - error: command '${command.join(" ")}' exited with ${exit.exitCode}: , message: ""`,
    };
  }
  if (handler.httpGet) {
    const port = portNumber(container, handler.httpGet.port);
    const status = runtime.httpStatus(uid, container.name, port, handler.httpGet.path ?? "/");
    if (status !== undefined && status < 400) return { span: 20 };
    return {
      span: 20,
      failure: `HTTP lifecycle hook (${handler.httpGet.path ?? "/"}) for Container "${container.name}" in Pod "${pod.metadata.name}_${pod.metadata.namespace}(${uid})" failed - error: connection refused`,
    };
  }
  return { span: 0 };
}

/** Go prints a list of strings in brackets. */
function goList(words: readonly string[]): string {
  return `[${words.join(" ")}]`;
}
