import assert from "node:assert/strict";
import { ApiError } from "../../../src/api/status.ts";
import { negotiate, negotiateStream } from "../../../src/engine/http/negotiate.ts";

const table = "application/json;as=Table;v=v1;g=meta.k8s.io";

function form(accept: string | undefined, canStream = false): string {
  try {
    const { encoding, as, version } = negotiate(accept, { canStream, hasTables: true });
    return [encoding, as, version].filter(Boolean).join(" ");
  } catch (error) {
    assert.ok(error instanceof ApiError);
    return `${error.code} ${error.message}`;
  }
}

const unavailable =
  "406 406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf";

describe("the form of an answer", () => {
  for (const [claim, accept, expected] of [
    ["is JSON if nothing is said", undefined, "json"],
    ["is JSON for who takes everything", "*/*", "json"],
    ["is JSON for kubectl", "application/json, */*", "json"],
    ["is YAML on demand", "application/yaml", "yaml"],
    ["follows the qualities", "application/json;q=0.5, application/yaml", "yaml"],
    ["is the more exact of two equals", "*/*, application/yaml", "yaml"],
    [
      "is JSON for clients that like protobuf better",
      "application/vnd.kubernetes.protobuf,application/json",
      "json",
    ],
    ["is protobuf for who takes nothing else", "application/vnd.kubernetes.protobuf", "protobuf"],
    ["is a table", table, "json Table v1"],
    ["is a table of the older version", table.replace("v1", "v1beta1"), "json Table v1beta1"],
    [
      "is what comes after a table that is not known",
      `${table.replace("v1", "v2")},application/json`,
      "json",
    ],
    [
      "is the metadata alone",
      table.replace("Table", "PartialObjectMetadata"),
      "json PartialObjectMetadata v1",
    ],
    ["is refused as HTML", "text/html", unavailable],
    ["is refused as CBOR", "application/cbor", unavailable],
    [
      "is refused as another kind",
      "application/json;as=Foo;v=v1;g=meta.k8s.io",
      "406 only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf",
    ],
  ] as const)
    it(claim, () => assert.equal(form(accept), expected));

  it("may be a stream where collections are", () =>
    assert.match(form("text/html", true), /, application\/json;stream=watch, application\/vnd/));

  it("of a watch is never YAML", () =>
    assert.throws(
      () => negotiateStream("application/yaml"),
      /only the following media types are accepted: application\/json;stream=watch/,
    ));
});
