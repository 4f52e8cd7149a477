// The structure of a kind cluster file, for the same strict decoding as manifests get: the fields of kind's
// that mean something in a simulation, and one of our own, kubernetesTutor.
// Source: kind pkg/apis/config/v1alpha4/types.go, 0.30.
import type { ScalarNode, SchemaNode, StructNode } from "../openapi/compiled.ts";

const scalar = (type: ScalarNode["type"], goType: string): ScalarNode => ({ type, goType });
const text = scalar("string", "string");
const flag = scalar("bool", "bool");
const int32 = scalar("int32", "int32");
const quantity = scalar("quantity", "resource.Quantity");
const texts: SchemaNode = { type: "map", goType: "map[string]string", value: text };

function struct(name: string, properties: Readonly<Record<string, SchemaNode>>): StructNode {
  return {
    type: "struct",
    goType: `v1alpha4.${name}`,
    definition: `kind.config.v1alpha4.${name}`,
    properties: new Map(Object.entries(properties)),
    alwaysPresent: [],
    omittedWhenZero: new Set(),
    printedZeros: [],
  };
}

function list(element: SchemaNode): SchemaNode {
  return { type: "list", goType: `[]${element.goType}`, element };
}

const taint = struct("Taint", { key: text, value: text, effect: text });

export const clusterNode = struct("Cluster", {
  apiVersion: text,
  kind: text,
  name: text,
  nodes: list(
    struct("Node", {
      role: text,
      labels: texts,
      kubeadmConfigPatches: list(text),
      kubernetesTutor: struct("Machine", {
        name: text,
        cpu: quantity,
        memory: quantity,
        ephemeralStorage: quantity,
        pods: int32,
        zone: text,
        region: text,
        taints: list(taint),
      }),
    }),
  ),
  networking: struct("Networking", {
    ipFamily: text,
    podSubnet: text,
    serviceSubnet: text,
    disableDefaultCNI: flag,
    kubeProxyMode: text,
  }),
  kubernetesTutor: struct("Simulation", { setUp: text }),
});

/** What of a kubeadm configuration can be patched: how a node registers. */
export const kubeadmPatchNode = struct("KubeadmConfigPatch", {
  apiVersion: text,
  kind: text,
  nodeRegistration: struct("NodeRegistration", {
    taints: list(taint),
    kubeletExtraArgs: scalar("any", "interface {}"),
  }),
});
