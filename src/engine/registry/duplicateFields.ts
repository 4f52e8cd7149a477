// What strict readers say of fields that a text names twice: of JSON by their paths, of YAML by lines.
// Source: apimachinery pkg/runtime/serializer/json/json.go, sigs.k8s.io/yaml (goyaml.v2), kubernetes v1.34.
import type { DuplicateField } from "../../api/request.ts";

/** `duplicate field "data.a"` for each field, or all that YAML says at once. */
export function duplicateProblems(duplicates: readonly DuplicateField[] = []): readonly string[] {
  const ofYaml = yamlProblem(duplicates);
  const ofJson = duplicates.flatMap((field) =>
    "path" in field ? [`duplicate field ${JSON.stringify(field.path)}`] : [],
  );
  return ofYaml === undefined ? ofJson : [ofYaml];
}

/** Undefined if none is of YAML. */
export function yamlProblem(duplicates: readonly DuplicateField[] = []): string | undefined {
  const lines = duplicates.flatMap((field) =>
    "line" in field
      ? [`  line ${field.line}: key ${JSON.stringify(field.key)} already set in map`]
      : [],
  );
  return lines.length === 0 ? undefined : ["yaml: unmarshal errors:", ...lines].join("\n");
}
