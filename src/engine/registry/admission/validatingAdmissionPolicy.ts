// ValidatingAdmissionPolicy: asks the policies in force about a request.
// Source: apiserver pkg/admission/plugin/policy/validating/dispatcher.go, kubernetes v1.34.
import type { Kind, KindRegistry } from "../../../api/kind.ts";
import { Namespace } from "../../../api/kinds/namespace.ts";
import { ValidatingAdmissionPolicy } from "../../../api/kinds/validatingAdmissionPolicy.ts";
import { ValidatingAdmissionPolicyBinding } from "../../../api/kinds/validatingAdmissionPolicyBinding.ts";
import type { KubeObject } from "../../../api/object.ts";
import { CompiledPolicy, type Complaint } from "../../../api/policies/compiledPolicy.ts";
import type { Subject } from "../../../api/policies/requestInput.ts";
import { ApiError } from "../../../api/status.ts";
import type {
  ValidatingAdmissionPolicyBinding as Binding,
  MatchResources,
  ValidatingAdmissionPolicy as Policy,
} from "../../../api/types.ts";
import type { Authorizer } from "../authorizer.ts";
import { accessOracle } from "./accessOracle.ts";
import {
  type AdmissionContext,
  type AdmissionPlugin,
  type AdmissionRequest,
  admissionError,
} from "./admission.ts";
import { ConfigurationError, collectParams, paramKindOf } from "./policyParams.ts";
import { requestFacts, seenAs } from "./requestFacts.ts";
import { isExempt, type MatchCriteria, matchedKind, namespaceOf } from "./resourceRules.ts";

export function validatingAdmissionPolicy(
  authorizer: Authorizer,
  kinds: KindRegistry,
): AdmissionPlugin {
  return {
    name: "ValidatingAdmissionPolicy",
    seesConnections: true,
    validate(request, context) {
      if (isExempt(request)) return;
      const bindings = context.list(ValidatingAdmissionPolicyBinding);
      if (bindings.length === 0) return;
      const evaluation = new Evaluation(request, context, { authorizer, kinds });
      for (const policy of context.list(ValidatingAdmissionPolicy)) {
        const own = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
        if (own.length > 0) evaluation.ask(policy, own);
      }
      evaluation.finish();
    },
  };
}

interface Denial {
  readonly policy: string;
  readonly binding: string | undefined;
  readonly complaint: Complaint;
}

interface World {
  readonly authorizer: Authorizer;
  readonly kinds: KindRegistry;
}

const compiled = new WeakMap<Policy, CompiledPolicy>();

function compiledPolicy(policy: Policy): CompiledPolicy {
  const known = compiled.get(policy) ?? new CompiledPolicy(policy.spec);
  compiled.set(policy, known);
  return known;
}

class Evaluation {
  private readonly denials: Denial[] = [];

  constructor(
    private readonly request: AdmissionRequest,
    private readonly context: AdmissionContext,
    private readonly world: World,
  ) {}

  ask(policy: Policy, bindings: readonly Binding[]): void {
    const matched = this.matched(criteriaOf(policy.spec.matchConstraints));
    if (!matched) return;
    const { paramKind } = policy.spec;
    const params = this.guarded(policy, undefined, () =>
      paramKind ? { kind: paramKindOf(paramKind, this.world.kinds) } : {},
    );
    if (params) for (const binding of bindings) this.askFor(policy, binding, matched, params.kind);
  }

  /** @throws ApiError of the first denial */
  finish(): void {
    const [first] = this.denials;
    if (!first) return;
    const { policy, binding, complaint } = first;
    const bound = binding === undefined ? "" : ` with binding '${binding}'`;
    const message = `ValidatingAdmissionPolicy '${policy}'${bound} denied request: ${complaint.message}`;
    const { status } = admissionError(this.request, message);
    const { reason = "Invalid" } = complaint;
    const details = { ...status.details, causes: [{ message }] };
    throw new ApiError({ ...status, reason, code: codes[reason] ?? 422, details });
  }

  private askFor(
    policy: Policy,
    binding: Binding,
    matched: Kind,
    paramKind: Kind | undefined,
  ): void {
    const { matchResources, paramRef } = binding.spec;
    if (matchResources && !this.matched(criteriaOf(matchResources))) return;
    const namespace = namespaceOf(this.request);
    const params = this.guarded(policy, binding, () =>
      collectParams(paramKind, paramRef, namespace, this.context),
    );
    const subject = this.subject(matched);
    for (const param of params ?? [])
      for (const complaint of compiledPolicy(policy).evaluate(subject, param))
        this.act(policy, binding, complaint);
  }

  private act(policy: Policy, binding: Binding, complaint: Complaint): void {
    const { validationActions = [] } = binding.spec;
    const names = { policy: policy.metadata.name, binding: binding.metadata.name };
    if (validationActions.includes("Deny")) this.denials.push({ ...names, complaint });
    if (validationActions.includes("Warn"))
      this.request.warnings.push(
        `Validation failed for ValidatingAdmissionPolicy '${names.policy}' with binding '${names.binding}': ${complaint.message}`,
      );
  }

  /** Runs what may find the configuration wrong. */
  private guarded<T>(policy: Policy, binding: Binding | undefined, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      if (policy.spec.failurePolicy !== "Ignore") {
        const what = binding ? "binding" : "policy";
        this.denials.push({
          policy: policy.metadata.name,
          binding: binding?.metadata.name,
          complaint: { message: `failed to configure ${what}: ${error.message}` },
        });
      }
      return undefined;
    }
  }

  private matched(criteria: MatchCriteria): Kind | undefined {
    const { request, context } = this;
    return matchedKind(request, criteria, { kinds: this.world.kinds, context });
  }

  private subject(matched: Kind): Subject {
    const { request, context } = this;
    const { object, old, user, kind, key } = request;
    const facts = requestFacts(request, matched);
    const namespace =
      kind.namespaced && key.namespace !== ""
        ? context.find(Namespace, { namespace: "", name: key.namespace })
        : undefined;
    return {
      facts,
      object: seenAs(matched, request, object as KubeObject | undefined),
      oldObject: seenAs(matched, request, old),
      oracle: accessOracle(this.world.authorizer, user),
      ...(namespace ? { namespace } : {}),
    };
  }
}

/** Of reasons that a policy may give. */
const codes: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
};

function criteriaOf(resources: MatchResources | undefined): MatchCriteria {
  const { resourceRules = [], excludeResourceRules = [], ...rest } = resources ?? {};
  return { rules: resourceRules, excludeRules: excludeResourceRules, ...rest };
}
