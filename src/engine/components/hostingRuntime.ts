// The runtime of kubeadm's machines: the containers of the components' static Pods are these very
// components, and kube-proxy's container is the machine's kube-proxy. They run while their containers do,
// and a container ends when its component does.
import type { ComponentName } from "../../api/clusterStatus.ts";
import type { Container, Pod } from "../../api/types.ts";
import { type Disposable, DisposableStore, disposable } from "../../base/disposable.ts";
import { type HttpRequest, type HttpResponse, serveHttp } from "../network/http1.ts";
import type { KubeProxy } from "../network/proxy.ts";
import { acceptTls } from "../network/tlsServer.ts";
import { directory, programFile } from "../node/process/fileNode.ts";
import type { Executable, ProcessContext } from "../node/process/process.ts";
import { serveConnections } from "../node/process/serveConnections.ts";
import { untilSignal } from "../node/process/untilSignal.ts";
import type { RuntimeProfile } from "../node/runtimeProfile.ts";
import { isStaticPod } from "../node/static/staticPod.ts";
import { pause, type Steps } from "../node/steps.ts";
import { type Component, componentNames } from "./component.ts";

/** From the stop signal to the end of the process. Ours: a typical value. */
const stopMs = 100;
const usage = { cpuMillis: 20, memoryBytes: 60 * 2 ** 20 };

export interface HostedParts {
  /** Whether the machine is the control plane's. */
  readonly isControlPlane: boolean;
  component(name: ComponentName): Component;
  readonly proxy: Pick<KubeProxy, "start" | "stop">;
}

export function hostingRuntime(profile: RuntimeProfile, parts: HostedParts): RuntimeProfile {
  return {
    ...profile,
    image(container, pod) {
      const image = profile.image(container, pod);
      if (isKubeProxy(pod)) return { ...image, files: holding("kube-proxy", proxyProgram(parts)) };
      const name = parts.isControlPlane ? hosted(pod, container) : undefined;
      const program = name && componentProgram(parts.component(name));
      return name && program ? { ...image, files: holding(name, program) } : image;
    },
  };
}

function isKubeProxy({ metadata }: Pod): boolean {
  return metadata.namespace === "kube-system" && metadata.labels?.["k8s-app"] === "kube-proxy";
}

function hosted(pod: Pod, { name }: Container): ComponentName | undefined {
  if (!isStaticPod(pod) || pod.metadata.labels?.tier !== "control-plane") return undefined;
  return componentNames.find((component) => component === name);
}

/** An image with this one program. */
function holding(name: string, program: Executable) {
  const bin = directory([[name, programFile(program)]]);
  return directory([["usr", directory([["local", directory([["bin", bin]])]])]]);
}

function proxyProgram({ proxy }: HostedParts): Executable {
  return function* (process) {
    process.use(usage);
    proxy.start();
    try {
      yield* untilSignal(process);
      return terminatedCode;
    } finally {
      proxy.stop();
    }
  };
}

/** Of a Go program that SIGTERM ends, as PID 1. */
const terminatedCode = 2;

function componentProgram(component: Component): Executable {
  return function* (process) {
    const owned = new DisposableStore();
    let end: number | "told to stop" | undefined;
    let wake: (() => void) | undefined;
    const over = (how: number | "told to stop"): void => {
      end ??= how;
      wake?.();
    };
    owned.add(component.log.onLine(({ text }) => process.stderr.write(`${text}\n`)));
    component.start(over);
    owned.add(disposable(() => component.stop()));
    process.onSignal("SIGTERM", () => over("told to stop"));
    process.use(usage);
    for (const port of component.ports) owned.add(healthServer(component, port, process));
    try {
      while (end === undefined)
        yield {
          until: (resume) => {
            wake = resume;
            return disposable(() => {
              wake = undefined;
            });
          },
        };
      if (typeof end === "number") return end;
      yield pause(stopMs, "the component stops");
      return 0;
    } finally {
      owned.dispose();
    }
  };
}

/** Tells how the component is: over TLS, but for etcd's own page for that. */
function healthServer(component: Component, port: number, process: ProcessContext): Disposable {
  // biome-ignore lint/correctness/useYield: the answer is known at once
  function* answer({ target }: HttpRequest): Steps<HttpResponse> {
    return { status: component.health(target) ?? 503, headers: [], body: new Uint8Array() };
  }
  return serveConnections(process, port, function* (connection) {
    const isPlain = port === etcdHealthPort;
    const within = isPlain ? connection : yield* acceptTls(connection, componentCertificate);
    if (within) yield* serveHttp(within, answer);
  });
}

const etcdHealthPort = 2381;
/** Probes look at no certificate. */
const componentCertificate = "";
