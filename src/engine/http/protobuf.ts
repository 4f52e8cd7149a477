// application/vnd.kubernetes.protobuf: a magic number and runtime.Unknown around a kind's message.
// Source: apimachinery pkg/runtime/serializer/protobuf, kubernetes v1.34.
import { goStruct } from "../../api/openapi/goStructs.ts";
import { badRequestError } from "../../api/status.ts";
import { decodeMessage, encodeMessage } from "./protobuf/messages.ts";
import { ProtobufError, WireReader, WireWriter, wireType } from "./protobuf/wire.ts";

/** Names a kind: "apps/v1", "Deployment". */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface DecodedProtobuf extends TypeMeta {
  /** As the same object's JSON would be, apiVersion and kind included; not yet decoded as its kind. */
  readonly object: Readonly<Record<string, unknown>>;
}

const magic = Uint8Array.of(0x6b, 0x38, 0x73, 0x00);
const scheme = '"pkg/api/legacyscheme/scheme.go:30"';

/**
 * Reads the body of a request. What the body leaves open of its type is what the endpoint takes.
 * @throws ApiError BadRequest in the server's words
 */
export function decodeProtobuf(bytes: Uint8Array, endpoint: TypeMeta): DecodedProtobuf {
  let type: TypeMeta | undefined;
  try {
    const { apiVersion, kind, raw } = readEnvelope(bytes);
    type = { apiVersion: apiVersion || endpoint.apiVersion, kind: kind || endpoint.kind };
    return { ...type, object: { ...type, ...decodeMessage(definitionOf(type), raw) } };
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw badRequestError(refusal(error.message, { bytes, type, endpoint }));
  }
}

/** The body of an answer; undefined if the object's kind has no protobuf form. */
export function encodeProtobuf(object: TypeMeta): Uint8Array | undefined {
  const type = { apiVersion: object.apiVersion, kind: object.kind };
  const definition = findDefinition(type);
  const raw = definition === undefined ? encodeList(object) : encodeMessage(definition, object);
  if (!raw) return undefined;
  const typeMeta = new WireWriter();
  typeMeta.text(1, type.apiVersion);
  typeMeta.text(2, type.kind);
  const unknown = new WireWriter();
  unknown.delimited(1, typeMeta.finish());
  unknown.delimited(2, raw);
  unknown.text(3, "");
  unknown.text(4, "");
  const body = unknown.finish();
  const bytes = new Uint8Array(magic.length + body.length);
  bytes.set(magic);
  bytes.set(body, magic.length);
  return bytes;
}

/** Every list has the same form: metadata, and items. */
function encodeList(list: TypeMeta): Uint8Array | undefined {
  const { apiVersion, kind } = list;
  const { metadata, items } = list as { readonly metadata?: unknown; readonly items?: unknown };
  if (!kind.endsWith("List") || !Array.isArray(items)) return undefined;
  const item = findDefinition({ apiVersion, kind: kind.slice(0, -"List".length) });
  if (item === undefined) return undefined;
  const writer = new WireWriter();
  writer.delimited(1, encodeMessage("meta.v1.ListMeta", metadata));
  for (const each of items) writer.delimited(2, encodeMessage(item, each));
  return writer.finish();
}

interface Envelope extends TypeMeta {
  readonly raw: Uint8Array;
}

function readEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length === 0) throw new ProtobufError("empty data");
  if (magic.some((byte, i) => bytes[i] !== byte))
    throw new ProtobufError(
      `provided data does not appear to be a protobuf message, expected prefix [${magic.join(" ")}]`,
    );
  if (bytes.length === magic.length) throw new ProtobufError("empty body");
  let [apiVersion, kind, raw] = ["", "", new Uint8Array()];
  const reader = new WireReader(bytes.subarray(magic.length));
  while (!reader.isAtEnd) {
    const tag = reader.tag("Unknown");
    if (tag.number > 4) reader.skip(tag.wireType);
    else if (tag.wireType !== wireType.bytes)
      throw new ProtobufError(`proto: wrong wireType = ${tag.wireType} for field TypeMeta`);
    else if (tag.number === 1) [apiVersion, kind] = readTypeMeta(reader.delimited());
    else if (tag.number === 2) raw = Uint8Array.from(reader.delimited());
    else reader.text();
  }
  return { apiVersion, kind, raw };
}

function readTypeMeta(bytes: Uint8Array): [apiVersion: string, kind: string] {
  const texts = ["", ""] as [string, string];
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) {
    const { number, wireType: type } = reader.tag("TypeMeta");
    if ((number === 1 || number === 2) && type === wireType.bytes)
      texts[number - 1] = reader.text();
    else reader.skip(type);
  }
  return texts;
}

function definitionOf(type: TypeMeta): string {
  const definition = findDefinition(type);
  if (definition !== undefined) return definition;
  const { apiVersion, kind } = type;
  throw new ProtobufError(
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme ${scheme}`,
  );
}

/** Kinds that every group version has. */
const metaKinds = new Set(
  "CreateOptions DeleteOptions GetOptions ListOptions PatchOptions UpdateOptions".split(" "),
);

function findDefinition({ apiVersion, kind }: TypeMeta): string | undefined {
  const [group = "", version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const isMeta =
    metaKinds.has(kind) || group === "meta.k8s.io" || (kind === "Status" && group === "");
  const place = isMeta ? "meta" : group.split(".")[0] || "core";
  const definition = `${place}.${isMeta ? "v1" : version}.${kind}`;
  return goStruct(definition) ? definition : undefined;
}

interface Refused {
  readonly bytes: Uint8Array;
  readonly type: TypeMeta | undefined;
  readonly endpoint: TypeMeta;
}

/** Source: transformDecodeError, apiserver pkg/endpoints/handlers/rest.go. */
function refusal(cause: string, { bytes, type, endpoint }: Refused): string {
  if (!type)
    return `the object provided is unrecognized (must be of type ${endpoint.kind}): ${cause} (${summary(bytes)})`;
  const version = type.apiVersion.slice(type.apiVersion.indexOf("/") + 1);
  return `${type.kind} in version ${JSON.stringify(version)} cannot be handled as a ${endpoint.kind}: ${cause}`;
}

const summarizedBytes = 30;

function summary(bytes: Uint8Array): string {
  if (bytes.length === 0) return "<empty>";
  const rest = bytes.length > summarizedBytes ? " ..." : "";
  return `${Buffer.from(bytes.subarray(0, summarizedBytes)).toString("hex")}${rest}`;
}
