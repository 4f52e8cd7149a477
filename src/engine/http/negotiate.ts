// What form an answer takes: the Accept header against what the server can write.
// Source: apiserver pkg/endpoints/handlers/negotiation, munnerz/goautoneg, emicklei/go-restful, 1.34.
import { genericError, notAcceptableError } from "../../api/status.ts";

/** How an object is written, and what of it. */
export interface Representation {
  /** Protobuf only for who takes nothing else. */
  readonly encoding: "json" | "yaml" | "protobuf";
  /** meta.k8s.io kinds that the object is turned into; absent for the object itself. */
  readonly as?: "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
  /** Of the kind in `as`. */
  readonly version?: "v1" | "v1beta1";
  readonly isPretty?: boolean;
}

/** One alternative of an Accept header. */
export interface AcceptClause {
  readonly type: string;
  readonly quality: number;
  readonly parameters: Readonly<Record<string, string>>;
}

const json = "application/json";
const yaml = "application/yaml";
const protobuf = "application/vnd.kubernetes.protobuf";
const objectTypes: readonly string[] = [json, yaml, protobuf];
const streamTypes: readonly string[] = [`${json};stream=watch`, `${protobuf};stream=watch`];

/** The alternatives in the order of the client's liking. Equal ones keep their order. */
export function parseAccept(header: string): readonly AcceptClause[] {
  const clauses = header.split(",").flatMap((text) => {
    const [type = "", ...rest] = text.split(";").map((part) => part.trim());
    if (type === "") return [];
    const parameters = Object.fromEntries(
      rest.map((parameter) => {
        const [name = "", value = ""] = parameter.split("=");
        return [name.trim(), value.trim()];
      }),
    );
    const { q = "1", ...others } = parameters;
    const quality = Number(q);
    return [{ type, quality: Number.isFinite(quality) ? quality : 1, parameters: others }];
  });
  return clauses.sort((a, b) => b.quality - a.quality || vagueness(a.type) - vagueness(b.type));
}

function vagueness(type: string): number {
  return type.startsWith("*/") ? 2 : type.endsWith("/*") ? 1 : 0;
}

/** What a place of the API can answer with. */
export interface Offer {
  /** It is a collection, where a watch was possible too. */
  readonly canStream: boolean;
  /** Its objects have columns. */
  readonly hasTables: boolean;
}

/**
 * The form of an answer that is one object or a list. Who takes JSON as well gets JSON, even if they like
 * protobuf better.
 * @throws ApiError NotAcceptable
 */
export function negotiate(
  accept: string | undefined,
  { canStream, hasTables }: Offer,
): Representation {
  const clauses = parseAccept(accept || "*/*");
  const known = clauses.filter(({ type }) => objectTypes.some((own) => matches(type, own)));
  if (known.length === 0) {
    const available = canStream ? [...objectTypes, ...streamTypes] : objectTypes;
    throw genericError(
      406,
      "NotAcceptable",
      `406: Not Acceptable\n\nAvailable representations: ${available.join(", ")}`,
    );
  }
  for (const clause of known) {
    const found = representationOf(clause);
    if (found && (hasTables || found.as !== "Table")) return found;
  }
  if (known.some(({ type, parameters }) => type === protobuf && parameters.as === undefined))
    return { encoding: "protobuf" };
  throw notAcceptableError(
    `only the following media types are accepted: ${objectTypes.join(", ")}`,
  );
}

/** The form of a watch's frames: lines of JSON. @throws ApiError NotAcceptable */
export function negotiateStream(accept: string | undefined): Representation {
  for (const clause of parseAccept(accept || "*/*")) {
    const found = representationOf(clause);
    if (found?.encoding === "json") return found;
  }
  throw notAcceptableError(
    `only the following media types are accepted: ${streamTypes.join(", ")}`,
  );
}

/** The first of `offered` that the client takes; undefined if it takes none. */
export function chooseType(
  accept: string | undefined,
  offered: readonly string[],
): string | undefined {
  for (const { type } of parseAccept(accept || "*/*")) {
    const found = offered.find((own) => matches(type, own));
    if (found !== undefined) return found;
  }
  return undefined;
}

function matches(type: string, own: string): boolean {
  return type === own || type === "*/*" || (type === "application/*" && own.startsWith("appl"));
}

function representationOf({ type, parameters }: AcceptClause): Representation | undefined {
  const encoding = matches(type, json) ? "json" : type === yaml ? "yaml" : undefined;
  if (encoding === undefined) return undefined;
  const { as, g, v, stream, pretty } = parameters;
  if (stream !== undefined && stream !== "" && stream !== "watch") return undefined;
  const isPretty = pretty === "1";
  if (as === undefined && g === undefined && v === undefined) return { encoding, isPretty };
  if (g !== "meta.k8s.io" || (v !== "v1" && v !== "v1beta1")) return undefined;
  if (as !== "Table" && as !== "PartialObjectMetadata" && as !== "PartialObjectMetadataList")
    return undefined;
  return { encoding, as, version: v, isPretty };
}
