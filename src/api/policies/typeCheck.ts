// What a policy's rules get wrong about the kinds that they are for.
// Source: apiserver pkg/admission/plugin/policy/validating/typechecking.go, kubernetes v1.34.
import type { CelEnvironment } from "../cel/environment.ts";
import { failed } from "../cel/environment.ts";
import { FieldPath } from "../fieldPath.ts";
import type { Kind } from "../kind.ts";
import type {
  ExpressionWarning,
  NamedRuleWithOperations,
  ValidatingAdmissionPolicySpec,
} from "../types.ts";
import { typedEnvironment } from "./admissionExpressions.ts";
import { CompiledVariables } from "./compiledPolicy.ts";
import { kindType } from "./kindType.ts";

const mostTypes = 10;

/** Warnings, which change nothing about how the policy works. */
export function typeCheck(
  spec: ValidatingAdmissionPolicySpec,
  kinds: Iterable<Kind>,
): readonly ExpressionWarning[] {
  const served = [...kinds];
  const environments = environmentsOf(spec, served);
  const path = FieldPath.of("spec", "validations");
  const check = (text: string, at: FieldPath): ExpressionWarning[] => {
    const complaints = environments.flatMap(([kind, environment]) =>
      complain(kind, environment, text),
    );
    return complaints.length === 0
      ? []
      : [{ fieldRef: at.toString(), warning: complaints.join("\n") }];
  };
  return (spec.validations ?? []).flatMap(({ expression, messageExpression }, i) => [
    ...check(expression, path.index(i).child("expression")),
    ...(messageExpression
      ? check(messageExpression, path.index(i).child("messageExpression"))
      : []),
  ]);
}

function complain(kind: Kind, environment: CelEnvironment, text: string): readonly string[] {
  const result = environment.compile(text);
  if (!failed(result)) return [];
  const { group, version, kind: name } = kind.gvk;
  return [`${group}/${version}, Kind=${name}: ${result.issues}\n`];
}

function environmentsOf(
  spec: ValidatingAdmissionPolicySpec,
  served: readonly Kind[],
): readonly (readonly [Kind, CelEnvironment])[] {
  const params = paramType(spec, served);
  const variables = { hasParams: params !== undefined, hasAuthorizer: true };
  return kindsToCheck(spec, served).flatMap((kind) => {
    const object = kindType(kind);
    if (!object) return [];
    const environment = typedEnvironment(variables, { object, ...(params ? { params } : {}) });
    const { declaration } = new CompiledVariables(spec.variables ?? [], environment);
    return [[kind, environment.withVariables([declaration])] as const];
  });
}

function paramType({ paramKind }: ValidatingAdmissionPolicySpec, served: readonly Kind[]) {
  const kind = served.find(
    ({ apiVersion, gvk }) => apiVersion === paramKind?.apiVersion && gvk.kind === paramKind?.kind,
  );
  return kind && kindType(kind);
}

/** The kinds that the rules name outright, in the order of their names. */
function kindsToCheck(
  { matchConstraints }: ValidatingAdmissionPolicySpec,
  served: readonly Kind[],
): readonly Kind[] {
  const rules = matchConstraints?.resourceRules ?? [];
  const found = new Set(rules.flatMap((rule) => namedKinds(rule, served)));
  const nameOf = ({ gvk: { group, version, kind } }: Kind) => `${group}/${version}/${kind}`;
  return [...found].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)).slice(0, mostTypes);
}

function namedKinds(
  { apiGroups = [], apiVersions = [], resources = [] }: NamedRuleWithOperations,
  served: readonly Kind[],
): readonly Kind[] {
  const hasWildcard = [...apiGroups, ...apiVersions].some((item) => item.includes("*"));
  if (hasWildcard) return [];
  return served.filter(
    ({ gvk, plural }) =>
      apiGroups.includes(gvk.group) &&
      apiVersions.includes(gvk.version) &&
      resources.includes(plural),
  );
}
