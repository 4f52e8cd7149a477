// Variables that tell a container of the Services of its namespace.
// Source: pkg/kubelet/envvars/envvars.go, kubelet_pods.go getServiceEnvVarMap, kubernetes v1.34.
import type { Pod, Service } from "../../api/types.ts";
import type { Lister } from "../localInformer.ts";

const masterNamespace = "default";
const masterService = "kubernetes";

interface Made {
  readonly from: readonly Service[];
  readonly variables: Readonly<Record<string, string>>;
}

/** The newest of each namespace: Pods that start one after the other share them. */
const made = new WeakMap<Lister<Service>, Map<string, Made>>();

/** Of the Services in the Pod's namespace, if it wants them, and always of the API server's. */
export function serviceVariables(
  services: Lister<Service>,
  { metadata, spec }: Pod,
): Readonly<Record<string, string>> {
  const { namespace = masterNamespace } = metadata;
  const links = spec.enableServiceLinks ?? true;
  const from = [
    ...services.list(masterNamespace).filter(isMaster),
    ...(links ? services.list(namespace) : []),
  ];
  const known = made.get(services) ?? new Map<string, Made>();
  made.set(services, known);
  const key = `${links} ${namespace}`;
  const last = known.get(key);
  if (last && isSame(last.from, from)) return last.variables;
  const variables = Object.assign({}, ...from.map(variablesOf)) as Made["variables"];
  known.set(key, { from, variables });
  return variables;
}

function isSame(a: readonly Service[], b: readonly Service[]): boolean {
  return a.length === b.length && a.every((service, i) => service === b[i]);
}
function isMaster({ metadata }: Service): boolean {
  return metadata.namespace === masterNamespace && metadata.name === masterService;
}

function variablesOf({ metadata, spec }: Service): Readonly<Record<string, string>> {
  const { clusterIP: ip, ports = [] } = spec;
  const [first] = ports;
  if (!ip || ip === "None" || !first) return {};
  const name = upper(metadata.name);
  const variables: Record<string, string> = {
    [`${name}_SERVICE_HOST`]: ip,
    [`${name}_SERVICE_PORT`]: String(first.port),
    [`${name}_PORT`]: `${(first.protocol ?? "TCP").toLowerCase()}://${ip}:${first.port}`,
  };
  for (const { name: portName, port, protocol = "TCP" } of ports) {
    if (portName) variables[`${name}_SERVICE_PORT_${upper(portName)}`] = String(port);
    const prefix = `${name}_PORT_${port}_${protocol}`;
    variables[prefix] = `${protocol.toLowerCase()}://${ip}:${port}`;
    variables[`${prefix}_PROTO`] = protocol.toLowerCase();
    variables[`${prefix}_PORT`] = String(port);
    variables[`${prefix}_ADDR`] = ip;
  }
  return variables;
}

function upper(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
