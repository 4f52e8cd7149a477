// Decoding: a JSON value becomes an object of a built-in kind, or the server says why it does not.
// Source: sigs.k8s.io/json and apimachinery's serializers, kubernetes v1.34.

import { setOwn } from "../base/setOwn.ts";
import { readScalar, type ScalarProblem, scalarZero } from "./decodeScalar.ts";
import { FieldPath, type PathStep } from "./fieldPath.ts";
import type { GroupVersionKind, KubeObject } from "./object.ts";
import {
  definitionNode,
  kindNode,
  type ListNode,
  type MapNode,
  type ScalarNode,
  type SchemaNode,
  type StructNode,
} from "./openapi/compiled.ts";
import { goStructName } from "./openapi/goTypes.ts";

export interface DecodeProblem {
  /** "decode" problems refuse the object; "strict" ones only where unknown fields are refused. */
  readonly stage: "decode" | "strict";
  readonly kind: "type" | "value" | "unknown";
  readonly path: FieldPath;
  /** The server's words, without the "cannot be handled" that it puts before them. */
  readonly message: string;
  /** The server stops at such a problem and forgets the milder ones before it. */
  readonly isFinal: boolean;
  /** Of a wrong type: what was there and what belongs there, e.g. "string", "int32". */
  readonly found?: string;
  readonly wanted?: string;
  /** Of an unknown field: the names that its object may have. */
  readonly knownNames?: readonly string[];
}

export interface Decoded {
  /**
   * The object in the server's spelling: nulls and unknown fields dropped, quantities and times
   * canonical, structs that are there by value filled in. What could not be read is left out.
   */
  readonly object: KubeObject;
  readonly problems: readonly DecodeProblem[];
}

/**
 * Reads `value` as an object of a built-in kind. Fields are read in the order of `value`; the server
 * reads JSON in the order of its text and YAML by sorted names.
 * @returns undefined for a kind that is not built in.
 */
export function decode(
  value: Readonly<Record<string, unknown>>,
  apiVersion: string,
  kind: string,
): Decoded | undefined {
  const node = kindNode(apiVersion, kind);
  if (!node) return undefined;
  const { result, problems } = decodeStruct(node, value);
  return { object: result as unknown as KubeObject, problems };
}

/** Reads `value` as a struct of any structure. */
export function decodeStruct(
  node: StructNode,
  value: Readonly<Record<string, unknown>>,
): { readonly result: Record<string, unknown>; readonly problems: readonly DecodeProblem[] } {
  const decoder = new Decoder();
  const result = decoder.readStruct(node, value);
  return { result, problems: decoder.problems };
}

/** The message of the 400 that refuses the object; undefined if nothing does. */
export function decodeFailure(
  { version, kind }: GroupVersionKind,
  problems: readonly DecodeProblem[],
  isStrict: boolean,
): string | undefined {
  const failure = decodeFailureText(problems, isStrict);
  return failure === undefined
    ? undefined
    : `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${failure}`;
}

/** The same, without saying of which kind. */
export function decodeFailureText(
  problems: readonly DecodeProblem[],
  isStrict: boolean,
): string | undefined {
  const hard = problems.filter(({ stage }) => stage === "decode");
  const reported = hard.find(({ isFinal }) => isFinal) ?? hard[0];
  if (reported) return reported.message;
  const unknown = problems.filter(({ stage }) => stage === "strict");
  if (!isStrict || unknown.length === 0) return undefined;
  return `strict decoding error: ${unknown.map(({ message }) => message).join(", ")}`;
}

type Values = Readonly<Record<string, unknown>>;

class Decoder {
  readonly problems: DecodeProblem[] = [];
  private readonly steps: PathStep[] = [];
  /** Names of the fields on the way, as Go's errors list them: no indices, no map keys. */
  private readonly fields: string[] = [];
  private struct = "";
  private isStrict = true;

  readStruct(node: StructNode, values: Values): Record<string, unknown> {
    const outer = this.struct;
    this.struct = goStructName(node.definition);
    const result: Record<string, unknown> = {};
    for (const name of Object.keys(values)) {
      const property = node.properties.get(name);
      this.steps.push(name);
      if (!property) this.reportUnknown(node);
      else {
        this.fields.push(name);
        const read = this.read(property, values[name]);
        // Go cannot tell a zero from a value that is not there.
        const isAbsent = isZeroScalar(read) && node.omittedWhenZero.has(name);
        if (read !== undefined && !isAbsent) result[name] = read;
        this.fields.pop();
      }
      this.steps.pop();
    }
    this.struct = outer;
    fillStructs(node, result);
    return result;
  }

  private read(node: SchemaNode, value: unknown): unknown {
    if (value === null || value === undefined) return undefined;
    switch (node.type) {
      case "struct":
        return isObject(value) ? this.readStruct(node, value) : this.reportType(node, value);
      case "list":
        return Array.isArray(value) ? this.readList(node, value) : this.reportType(node, value);
      case "map":
        return isObject(value) ? this.readMap(node, value) : this.reportType(node, value);
      default:
        return this.readLeaf(node, value);
    }
  }

  private readList({ element }: ListNode, values: readonly unknown[]): unknown[] {
    const result: unknown[] = [];
    for (const [i, value] of values.entries()) {
      this.steps.push(i);
      const read = this.read(element, value);
      // A null, or what could not be read, leaves Go's zero value in its place.
      result.push(read === undefined ? zeroOf(element) : read);
      this.steps.pop();
    }
    return result;
  }

  private readMap({ value: node }: MapNode, values: Values): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const name of Object.keys(values)) {
      this.steps.push({ key: name });
      const read = this.read(node, values[name]);
      setOwn(result, name, read === undefined ? zeroOf(node) : read);
      this.steps.pop();
    }
    return result;
  }

  private readLeaf(node: ScalarNode, value: unknown): unknown {
    if (node.schemaOr) return this.readSchemaOr(node.schemaOr, value);
    const read = readScalar(node, value);
    if (!("problem" in read)) return read.value;
    const { problem } = read;
    if (problem.kind === "type") return this.reportType(node, value, problem);
    this.problems.push({
      stage: "decode",
      kind: "value",
      path: this.path(),
      message: problem.message,
      isFinal: problem.isFinal,
    });
    return undefined;
  }

  /** Such values have decoders of their own, which let unknown fields pass without a word. */
  private readSchemaOr(other: ScalarNode["schemaOr"], value: unknown): unknown {
    const isStrict = this.isStrict;
    this.isStrict = false;
    const schema = definitionNode("apiextensions.v1.JSONSchemaProps");
    const element: SchemaNode = other === "schemas" ? schema : { type: "string", goType: "string" };
    const node: ListNode = { type: "list", goType: `[]${element.goType}`, element };
    let read: unknown;
    if (isObject(value)) read = this.read(schema, value);
    else if (other === "bool") read = this.readBool(value);
    else if (Array.isArray(value)) read = this.readList(node, value);
    this.isStrict = isStrict;
    return read;
  }

  private readBool(value: unknown): unknown {
    if (typeof value === "boolean") return value;
    const message = "boolean or JSON schema expected";
    this.problems.push({
      stage: "decode",
      kind: "value",
      path: this.path(),
      message,
      isFinal: true,
    });
    return undefined;
  }

  private reportType(node: SchemaNode, value: unknown, problem?: ScalarProblem): undefined {
    const found = problem?.kind === "type" ? problem.found : jsonType(value);
    const field = `${this.struct}.${this.fields.join(".")}`;
    this.problems.push({
      stage: "decode",
      kind: "type",
      path: this.path(),
      message: `json: cannot unmarshal ${found} into Go struct field ${field} of type ${node.goType}`,
      isFinal: problem?.isFinal ?? false,
      found,
      wanted: node.goType,
    });
  }

  private reportUnknown({ properties }: StructNode): void {
    if (!this.isStrict) return;
    const path = this.path();
    this.problems.push({
      stage: "strict",
      kind: "unknown",
      path,
      message: `unknown field ${JSON.stringify(path.toString())}`,
      isFinal: false,
      knownNames: [...properties.keys()],
    });
  }

  private path(): FieldPath {
    let path = FieldPath.root;
    for (const step of this.steps) {
      if (typeof step === "string") path = path.child(step);
      else path = typeof step === "number" ? path.index(step) : path.key(step.key);
    }
    return path;
  }
}

/** Go's zero value, where one must stand: an element of a list or map. */
function zeroOf(node: SchemaNode): unknown {
  if (node.type === "struct") {
    const empty = {};
    fillStructs(node, empty);
    return empty;
  }
  if (node.type === "list") return [];
  return node.type === "map" ? {} : scalarZero(node);
}

function isZeroScalar(value: unknown): boolean {
  return value === "" || value === 0 || value === false;
}

function fillStructs(node: StructNode, result: Record<string, unknown>): void {
  for (const name of node.alwaysPresent) {
    if (result[name] !== undefined) continue;
    const property = node.properties.get(name);
    if (property) result[name] = zeroOf(property);
  }
}

/** How Go's JSON errors name the kind of a value. */
function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value === "bigint" ? "number" : typeof value;
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
