// The documentation of Kubernetes' fields, from the file that the build puts beside the bundles.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Documentation, type DocumentationData } from "../../api/openapi/documentation.ts";

/** `folder` is where the bundles are. Without a build there is no documentation. */
export function documentationIn(folder: string): Documentation {
  const file = join(folder, "fieldDocs.json");
  if (!existsSync(file)) return Documentation.none;
  return new Documentation(() => JSON.parse(readFileSync(file, "utf8")) as DocumentationData);
}
