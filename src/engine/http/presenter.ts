// An answer in the form that the client asked for: the object itself, a row of a table, its metadata.
// Source: apiserver pkg/endpoints/handlers/response.go, 1.34.
import type { Kind } from "../../api/kind.ts";
import { Scale } from "../../api/kinds/scale.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Documentation } from "../../api/openapi/documentation.ts";
import type { ObjectList, WatchEvent } from "../../api/request.ts";
import { badRequestError, notAcceptableError } from "../../api/status.ts";
import {
  type MetaVersion,
  partialObjectMetadata,
  type TableOptions,
  tableOfList,
  tableOfObject,
} from "../../api/table.ts";
import type { Instant } from "../../base/time.ts";
import { wireForm } from "./encode.ts";
import type { Representation } from "./negotiate.ts";

export interface PresenterWorld {
  readonly kind: Kind;
  readonly representation: Representation;
  readonly includeObject: TableOptions["includeObject"];
  now(): Instant;
  readonly documentation: Documentation;
}

export class Presenter {
  /** The head of a table is in the first frame of a watch only. */
  private withColumns = true;

  constructor(private readonly world: PresenterWorld) {}

  get representation(): Representation {
    return this.world.representation;
  }

  /** @throws ApiError NotAcceptable for a list where one object was asked for, and the other way around */
  present(body: unknown): unknown {
    if (isStatus(body)) return body;
    const { kind, representation } = this.world;
    const isList = typeof body === "object" && body !== null && "items" in body;
    switch (representation.as) {
      case "Table":
        return isList
          ? tableOfList(kind, body as ObjectList, this.tableOptions())
          : this.presentRow(body as KubeObject);
      case "PartialObjectMetadata":
        if (isList)
          throw notAcceptableError(
            `you requested PartialObjectMetadata, but the requested object is a list (${goTypeOf(kind, kind.listKind)})`,
          );
        return partialObjectMetadata(body as KubeObject, this.metaVersion);
      case "PartialObjectMetadataList":
        if (!isList)
          throw notAcceptableError(
            `you requested PartialObjectMetadataList, but the requested object is not a list (${goTypeOf(kind, kind.gvk.kind)})`,
          );
        return this.presentMetadataList(body as ObjectList);
      default:
        return wireForm(body, kind);
    }
  }

  /** The object of a watch's frame. Bookmarks and errors are objects too. */
  presentEvent({ object }: WatchEvent): unknown {
    const shown =
      this.world.representation.as === "PartialObjectMetadataList"
        ? partialObjectMetadata(object as KubeObject, this.metaVersion)
        : this.present(object);
    this.withColumns = false;
    return shown;
  }

  private presentRow(object: KubeObject): unknown {
    // What the scale subresource answers with is of another kind than its resource.
    const kind = object.kind === Scale.gvk.kind ? Scale : this.world.kind;
    return tableOfObject(kind, object, this.tableOptions());
  }

  private presentMetadataList({ metadata, items }: ObjectList): unknown {
    return {
      kind: "PartialObjectMetadataList",
      apiVersion: this.metaVersion,
      metadata,
      items: items.map((object) => partialObjectMetadata(object, this.metaVersion)),
    };
  }

  private tableOptions(): TableOptions {
    const { includeObject, now, documentation } = this.world;
    return {
      apiVersion: this.metaVersion,
      now: now(),
      includeObject,
      withColumns: this.withColumns,
      documentation,
    };
  }

  private get metaVersion(): MetaVersion {
    return `meta.k8s.io/${this.world.representation.version ?? "v1"}`;
  }
}

/** What a table's rows say of their objects. @throws ApiError BadRequest */
export function includeObjectOf(query: URLSearchParams): TableOptions["includeObject"] {
  const asked = query.get("includeObject") || "Metadata";
  if (asked === "None" || asked === "Metadata" || asked === "Object") return asked;
  throw badRequestError(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(asked)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

function isStatus(body: unknown): boolean {
  return (
    typeof body === "object" &&
    body !== null &&
    "kind" in body &&
    body.kind === "Status" &&
    "status" in body
  );
}

/** Go's name of the type that holds an object within the server. */
function goTypeOf(kind: Kind, name: string): string {
  if (kind.decode) return `*unstructured.Unstructured${name === kind.listKind ? "List" : ""}`;
  return `*${kind.gvk.group.split(".")[0] || "core"}.${name}`;
}
