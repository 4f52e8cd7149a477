// The runtime of kubeadm's machines: the containers of the components' static Pods are these very
// components, and kube-proxy's container is the machine's kube-proxy. They run while their containers do,
// and a container ends when its component does.
import type { ComponentName } from "../../api/clusterStatus.ts";
import type { Container, Pod } from "../../api/types.ts";
import type { Clock } from "../clock.ts";
import type { KubeProxy } from "../network/proxy.ts";
import type { Program } from "../node/program.ts";
import type { RuntimeProfile } from "../node/runtimeProfile.ts";
import { isStaticPod } from "../node/static/staticPod.ts";
import { type Component, componentNames } from "./component.ts";

/** From the stop signal to the end of the process. Ours: a typical value. */
const stopMs = 100;

export interface HostedParts {
  readonly clock: Clock;
  /** Whether the machine is the control plane's. */
  readonly isControlPlane: boolean;
  component(name: ComponentName): Component;
  readonly proxy: Pick<KubeProxy, "start" | "stop">;
}

export function hostingRuntime(profile: RuntimeProfile, parts: HostedParts): RuntimeProfile {
  return {
    ...profile,
    program(container, context) {
      const program = profile.program(container, context);
      const { pod } = context;
      if (isKubeProxy(pod)) return { ...program, ...lifeOf(parts.proxy) };
      const name = parts.isControlPlane ? hosted(pod, container) : undefined;
      return name ? programOf(parts.component(name), parts.clock) : program;
    },
  };
}

function isKubeProxy({ metadata }: Pod): boolean {
  return metadata.namespace === "kube-system" && metadata.labels?.["k8s-app"] === "kube-proxy";
}

function lifeOf(proxy: HostedParts["proxy"]): Pick<Program, "started" | "stopped"> {
  return { started: () => proxy.start(), stopped: () => proxy.stop() };
}

function hosted(pod: Pod, { name }: Container): ComponentName | undefined {
  if (!isStaticPod(pod) || pod.metadata.labels?.tier !== "control-plane") return undefined;
  return componentNames.find((component) => component === name);
}

function programOf(component: Component, clock: Clock): Program {
  let startedAt = clock.now();
  return {
    onStop: { after: stopMs, exitCode: 0 },
    started(exit) {
      startedAt = clock.now();
      component.start(exit);
    },
    stopped: () => component.stop(),
    serves: (port) => component.isRunning && component.ports.includes(port),
    httpStatus: (port, path) =>
      component.ports.includes(port) ? component.health(path) : undefined,
    exec: ([command = ""]) => ({
      exitCode: 127,
      output: `exec: "${command}": executable file not found in $PATH`,
    }),
    usage: () => ({ cpuMillis: 20, memoryBytes: 60 * 2 ** 20 }),
    logs: (until, most) =>
      component.log.lines
        .map(({ at, text }) => ({ at: at - startedAt, text }))
        .filter(({ at }) => at <= until)
        .slice(-most),
  };
}
