// Patches of kubeadm's configuration, as far as they say how a node registers: its taints, and labels that
// its kubelet is given by --node-labels. Source: kubeadm v1beta3 and v1beta4 NodeRegistrationOptions.
import { type FieldError, invalid, notSupported } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import { decodeStruct } from "../schema.ts";
import type { Taint } from "../types.ts";
import { kubeadmPatchNode } from "./structure.ts";

export interface RegistrationPatch {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly errors: readonly FieldError[];
}

interface PatchFields {
  readonly kind?: string;
  readonly nodeRegistration?: {
    readonly taints?: readonly Taint[];
    readonly kubeletExtraArgs?: unknown;
  };
}

const kinds = ["InitConfiguration", "JoinConfiguration"];
const labelsFlag = "node-labels";

export function readRegistrationPatches(
  texts: readonly string[],
  path: FieldPath,
  parseYaml: (text: string) => unknown,
): RegistrationPatch {
  const read = texts.map((text, i) => readPatch(text, path.index(i), parseYaml));
  return {
    labels: Object.assign({}, ...read.map(({ labels }) => labels)),
    taints: read.flatMap(({ taints }) => taints),
    errors: read.flatMap(({ errors }) => errors),
  };
}

function readPatch(
  text: string,
  path: FieldPath,
  parseYaml: (text: string) => unknown,
): RegistrationPatch {
  const value = objectIn(text, parseYaml);
  if (value instanceof Error) return failed(invalid(path, text, value.message));
  const { result, problems } = decodeStruct(kubeadmPatchNode, value);
  const [problem] = problems;
  if (problem) return failed(invalid(path, text, problem.message));
  const { kind, nodeRegistration = {} } = result as PatchFields;
  if (!kinds.includes(kind ?? "")) return failed(notSupported(path.child("kind"), kind, kinds));
  const { taints = [], kubeletExtraArgs } = nodeRegistration;
  const labels = labelsOf(kubeletExtraArgs);
  return typeof labels === "string"
    ? failed(invalid(path.child("nodeRegistration", "kubeletExtraArgs"), text, labels))
    : { labels, taints, errors: [] };
}

function objectIn(
  text: string,
  parseYaml: (text: string) => unknown,
): Readonly<Record<string, unknown>> | Error {
  try {
    const value = parseYaml(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>;
    return new Error("the patch is not an object");
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The labels that --node-labels gives, or what is wrong. Arguments are a map, or a list since v1beta4. */
function labelsOf(args: unknown): Readonly<Record<string, string>> | string {
  const labels: Record<string, string> = {};
  for (const [name, value] of pairsOf(args)) {
    if (name !== labelsFlag)
      return `the simulated kubelet takes no argument ${JSON.stringify(name)}, only ${JSON.stringify(labelsFlag)}`;
    for (const pair of value.split(",")) {
      const [key = "", ...rest] = pair.split("=");
      labels[key] = rest.join("=");
    }
  }
  return labels;
}

function pairsOf(args: unknown): readonly (readonly [name: string, value: string])[] {
  if (Array.isArray(args))
    return args.map((arg: { readonly name?: unknown; readonly value?: unknown } | null) => [
      String(arg?.name ?? ""),
      String(arg?.value ?? ""),
    ]);
  if (typeof args !== "object" || args === null) return [];
  return Object.entries(args).map(([name, value]) => [name, String(value)]);
}

function failed(error: FieldError): RegistrationPatch {
  return { labels: {}, taints: [], errors: [error] };
}
