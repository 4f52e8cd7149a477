// One probe, carried out: what the program answers, and the words of a failure.
// Source: pkg/kubelet/prober/prober.go and pkg/probe, kubernetes v1.34.
import type { Container, IntOrString, Pod, Probe } from "../../api/types.ts";
import type { NodeServices } from "./nodeServices.ts";

/** @returns undefined if the probe succeeds, or why it failed */
export function runProbe(
  services: NodeServices,
  pod: Pod,
  { container, probe }: { readonly container: Container; readonly probe: Probe },
): string | undefined {
  const uid = pod.metadata.uid ?? "";
  const { runtime } = services;
  if (probe.exec) {
    const result = runtime.exec(uid, container.name, probe.exec.command ?? []);
    return result?.exitCode === 0 ? undefined : (result?.output ?? "container not running");
  }
  const host = hostOf(services, pod, probe);
  if (probe.httpGet) {
    const port = portNumber(container, probe.httpGet.port);
    const path = probe.httpGet.path ?? "/";
    const status = runtime.httpStatus(uid, container.name, port, path);
    const scheme = (probe.httpGet.scheme ?? "HTTP").toLowerCase();
    if (status === undefined)
      return `Get "${scheme}://${host}:${port}${path}": ${refused(host, port)}`;
    return status < 400 ? undefined : `HTTP probe failed with statuscode: ${status}`;
  }
  if (probe.tcpSocket) {
    const port = portNumber(container, probe.tcpSocket.port);
    return runtime.serves(uid, container.name, port) ? undefined : refused(host, port);
  }
  if (probe.grpc) {
    const { port } = probe.grpc;
    const address = `${host}:${port}`;
    const within = `${probe.timeoutSeconds ?? 1}s`;
    return runtime.serves(uid, container.name, port)
      ? undefined
      : `timeout: failed to connect service "${address}" within ${within}: context deadline exceeded`;
  }
  return undefined;
}

/** A port by number, or by the name that the container gives it; 0 if there is no such name. */
export function portNumber({ ports = [] }: Container, port: IntOrString): number {
  if (typeof port === "number") return port;
  const named = ports.find(({ name }) => name === port)?.containerPort;
  return named ?? (Number(port) || 0);
}

function hostOf({ runtime, nodeAddress }: NodeServices, pod: Pod, probe: Probe): string {
  const given = probe.httpGet?.host ?? probe.tcpSocket?.host;
  if (given) return given;
  if (pod.spec.hostNetwork) return nodeAddress;
  return runtime.state(pod.metadata.uid ?? "").sandbox?.ip ?? "";
}

function refused(host: string, port: number): string {
  return `dial tcp ${host}:${port}: connect: connection refused`;
}
