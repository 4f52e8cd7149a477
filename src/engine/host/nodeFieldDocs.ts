// The documentation of Kubernetes' fields, from the file that the build puts beside the bundles.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Documentation, type DocumentationData } from "../../api/openapi/documentation.ts";

/** Where the build puts it, seen from a bundle and from the sources. */
const places = ["fieldDocs.json", "../../../dist/fieldDocs.json"];

/** Without a build there is no documentation. */
export function builtDocumentation(): Documentation {
  const isSource = import.meta.dirname.endsWith(join("engine", "host"));
  const file = join(import.meta.dirname, places[isSource ? 1 : 0] ?? "");
  if (!existsSync(file)) return Documentation.none;
  return new Documentation(() => JSON.parse(readFileSync(file, "utf8")) as DocumentationData);
}
