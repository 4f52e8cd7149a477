// Operations in the words of OpenAPI 3, and of 2.
import type { Documentation } from "../../../api/openapi/documentation.ts";
import { describe, type Json, reference } from "./definitions.ts";
import type { Operation, Parameter, PathItem } from "./operations.ts";

const objectTypes = ["application/json", "application/vnd.kubernetes.protobuf", "application/yaml"];
const watchTypes = [
  "application/json;stream=watch",
  "application/vnd.kubernetes.protobuf;stream=watch",
];

const codeTexts: Readonly<Record<number, string>> = { 200: "OK", 201: "Created", 202: "Accepted" };

/** The paths of an OpenAPI 3 document. */
export function paths(items: readonly PathItem[], documentation: Documentation): Json {
  return written(items, {
    parameter: ({ type, ...rest }) => ({
      ...described(rest, documentation),
      schema: { type, uniqueItems: true },
    }),
    operation: (operation, parameters) => ({
      ...head(operation),
      ...parameters,
      ...(operation.body ? { requestBody: requestBody(operation.body) } : {}),
      responses: responses(operation, (code) => ({
        description: codeTexts[code],
        content: content(operation),
      })),
      ...tail(operation),
    }),
  });
}

/** The paths of an OpenAPI 2 document. */
export function oldPaths(items: readonly PathItem[], documentation: Documentation): Json {
  return written(items, {
    parameter: ({ type, ...rest }) => ({
      uniqueItems: true,
      type,
      ...described(rest, documentation),
    }),
    operation: (operation, { parameters = [] }) => ({
      ...head(operation),
      consumes: operation.body?.mediaTypes ?? ["*/*"],
      produces: [...objectTypes, ...(operation.canWatch ? watchTypes : [])],
      schemes: ["https"],
      parameters: [...oldBody(operation.body), ...parameters],
      responses: responses(operation, (code) => ({
        description: codeTexts[code],
        schema: operation.answer ? reference(operation.answer, "v2") : { type: "string" },
      })),
      ...tail(operation),
    }),
  });
}

interface Writer {
  parameter(parameter: Parameter): Json;
  operation(operation: Operation, parameters: { readonly parameters?: readonly Json[] }): Json;
}

function written(items: readonly PathItem[], { parameter, operation }: Writer): Json {
  const entries = items.map(({ path, parameters, operations }) => [
    path,
    {
      ...Object.fromEntries(
        operations.map((each) => [
          each.method,
          operation(
            each,
            each.parameters.length === 0 ? {} : { parameters: each.parameters.map(parameter) },
          ),
        ]),
      ),
      parameters: parameters.map(parameter),
    },
  ]);
  return Object.fromEntries(entries.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)));
}

function head({ kind: { group, version }, description, id }: Operation): Json {
  const [first = "core", ...rest] = (group || "core").replace(/\.k8s\.io$/, "").split(/[.-]/);
  const tag = first + rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
  return { tags: [`${tag}_${version}`], description, operationId: id };
}

function tail({ action, kind: { group, version, kind } }: Operation): Json {
  return {
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind },
  };
}

function described(
  { name, in: place, description }: Omit<Parameter, "type">,
  documentation: Documentation,
): Json {
  return {
    name,
    in: place,
    ...describe(description ?? documentation.ofParameter(name)),
    ...(place === "path" ? { required: true } : {}),
  };
}

function responses({ codes }: Operation, write: (code: number) => Json): Json {
  const answers = codes.map((code) => [String(code), write(code)]);
  return { ...Object.fromEntries(answers), 401: { description: "Unauthorized" } };
}

function content({ answer, action, canWatch }: Operation): Json {
  const schema = answer === undefined ? { type: "string" } : reference(answer, "v3");
  if (action === "connect") return { "*/*": { schema } };
  const types = [
    ...objectTypes,
    ...(canWatch ? watchTypes : []),
    ...(answer === undefined ? ["text/plain"] : []),
  ];
  return Object.fromEntries(types.sort().map((type) => [type, { schema }]));
}

function requestBody({ mediaTypes, schema, isRequired }: NonNullable<Operation["body"]>): Json {
  const body = { schema: reference(schema, "v3") };
  return {
    content: Object.fromEntries(mediaTypes.map((type) => [type, body])),
    ...(isRequired ? { required: true } : {}),
  };
}

function oldBody(body: Operation["body"]): readonly Json[] {
  if (!body) return [];
  const required = body.isRequired ? { required: true } : {};
  return [{ name: "body", in: "body", ...required, schema: reference(body.schema, "v2") }];
}
