// What the server says of an object that calls itself something else than the endpoint takes.
// Source: apimachinery pkg/runtime (scheme.go, error.go, converter) and codec.go, kubernetes v1.34.
import { kindSchema } from "../../api/openapi/structure.ts";

/** Names a kind: "apps/v1", "Deployment". */
interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Undefined if an object of the type `found` can be read as one of `expected`. */
export function otherTypeProblem(found: TypeMeta, expected: TypeMeta): string | undefined {
  if (found.apiVersion === expected.apiVersion && found.kind === expected.kind) return undefined;
  if (!kindSchema(found.apiVersion, found.kind)) return notRegistered(found);
  return found.kind === expected.kind ? undefined : unknownConversion(found, expected);
}

export function notRegistered({ apiVersion, kind }: TypeMeta): string {
  return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`;
}

export function unknownConversion(found: TypeMeta, expected: TypeMeta): string {
  const from = `${versionOf(found)}.${found.kind}`;
  return `converting (${from}) to (${goPackage(expected.apiVersion)}.${expected.kind}): unknown conversion`;
}

export function versionOf({ apiVersion }: Pick<TypeMeta, "apiVersion">): string {
  return apiVersion.slice(apiVersion.indexOf("/") + 1);
}

/** Where kube-apiserver has the internal types of a group. */
function goPackage(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  if (slash < 0) return "core";
  return apiVersion.slice(0, slash).split(".")[0] ?? "";
}
