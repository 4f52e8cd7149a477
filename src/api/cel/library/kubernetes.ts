// The environment of every expression in Kubernetes.
// Source: apiserver pkg/cel/environment/base.go, kubernetes v1.34.
import type { CelType } from "../celType.ts";
import { CelEnvironment } from "../environment.ts";
import { addressesLibrary } from "./addresses.ts";
import { collectionsLibrary } from "./collections.ts";
import { formatLibrary } from "./format.ts";
import { optionalsLibrary } from "./optionals.ts";
import { quantityLibrary } from "./quantity.ts";
import { regexLibrary } from "./regex.ts";
import { semverLibrary } from "./semver.ts";
import { standardLibrary } from "./standard.ts";
import { stringsLibrary } from "./strings.ts";
import { urlsLibrary } from "./urls.ts";

/** Types that expressions may name, with the names that `type(x)` gives. */
const namedTypes: Readonly<Record<string, CelType>> = {
  bool: { kind: "bool" },
  bytes: { kind: "bytes" },
  double: { kind: "double" },
  int: { kind: "int" },
  uint: { kind: "uint" },
  string: { kind: "string" },
  null_type: { kind: "null" },
  list: { kind: "list", element: { kind: "dyn" } },
  map: { kind: "map", key: { kind: "dyn" }, value: { kind: "dyn" } },
  type: { kind: "type" },
  optional_type: { kind: "opaque", name: "optional_type", parameters: [{ kind: "dyn" }] },
  "google.protobuf.Timestamp": { kind: "timestamp" },
  "google.protobuf.Duration": { kind: "duration" },
  "kubernetes.Quantity": { kind: "opaque", name: "kubernetes.Quantity", parameters: [] },
  "kubernetes.URL": { kind: "opaque", name: "kubernetes.URL", parameters: [] },
  "kubernetes.Semver": { kind: "opaque", name: "kubernetes.Semver", parameters: [] },
  "kubernetes.NamedFormat": { kind: "opaque", name: "kubernetes.NamedFormat", parameters: [] },
  "net.IP": { kind: "opaque", name: "net.IP", parameters: [] },
  "net.CIDR": { kind: "opaque", name: "net.CIDR", parameters: [] },
};

export const kubernetesEnvironment = new CelEnvironment(
  [
    standardLibrary,
    optionalsLibrary,
    stringsLibrary,
    collectionsLibrary,
    regexLibrary,
    urlsLibrary,
    quantityLibrary,
    addressesLibrary,
    formatLibrary,
    semverLibrary,
  ],
  Object.entries(namedTypes).map(([name, of]) => [name, { kind: "type", of }]),
);
