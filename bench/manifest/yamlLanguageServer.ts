// yaml-language-server as a library, with the structure that we use ourselves.
import { TextDocument } from "vscode-languageserver-textdocument";
import { getLanguageService } from "yaml-language-server";
import { type OpenApiSchema, structure } from "../../src/api/openapi/structure.ts";

export type Validate = (text: string) => Promise<number>;

const uri = "kubernetes://1.34";

/** @returns what counts the problems of a text */
export function yamlLanguageServer(): Validate {
  const service = getLanguageService({
    schemaRequestService: () => Promise.reject(new Error("everything is here")),
    workspaceContext: { resolveRelativePath: (path) => path },
  });
  const schemas = [{ fileMatch: ["*.yaml"], uri, schema: kubernetesSchema() }];
  service.configure({ validate: true, isKubernetes: true, schemas });
  let version = 0;
  return async (text) => {
    const document = TextDocument.create("file:///a.yaml", "yaml", ++version, text);
    return (await service.doValidation(document, true)).length;
  };
}

/** One schema for any of the kinds, each told by its apiVersion and kind. */
function kubernetesSchema(): object {
  const kinds = Object.entries(structure.kinds).filter(([key]) => wanted.has(key));
  const definitions: Record<string, OpenApiSchema> = { ...structure.definitions };
  for (const [key, { def }] of kinds) {
    const slash = key.lastIndexOf("/");
    const schema = structure.definitions[def];
    definitions[def] = {
      ...schema,
      properties: {
        ...schema?.properties,
        apiVersion: { type: "string", enum: [key.slice(0, slash)] },
        kind: { type: "string", enum: [key.slice(slash + 1)] },
      },
    };
  }
  return { definitions, oneOf: kinds.map(([, { def }]) => ({ $ref: `#/definitions/${def}` })) };
}

/** Of all kinds only those that the texts have: each of them costs it time. */
const wanted = new Set(["v1/Pod", "v1/Service", "v1/ConfigMap", "apps/v1/Deployment"]);
