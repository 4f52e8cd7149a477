import assert from "node:assert/strict";
import { ConfigMap } from "../../../../src/api/kinds/configMap.ts";
import { ValidatingAdmissionPolicy } from "../../../../src/api/kinds/validatingAdmissionPolicy.ts";
import type { Status } from "../../../../src/api/status.ts";
import type { ValidatingAdmissionPolicy as PolicyObject } from "../../../../src/api/types.ts";
import { Manifests } from "../../../support/manifests.ts";

const constraints = `{resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]}`;

function policy(spec: string, name = "p"): string {
  return `{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: ${name}}, spec: {matchConstraints: ${constraints}, ${spec}}}`;
}

function binding(spec = "validationActions: [Deny]"): string {
  return `{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: b}, spec: {policyName: p, ${spec}}}`;
}

function configMap(name: string, data = "{}"): string {
  return `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}, data: ${data}}`;
}

function scene(spec: string, bindingSpec?: string): Manifests {
  const cluster = new Manifests();
  cluster.wait(1_000);
  cluster.create(policy(spec));
  cluster.create(binding(bindingSpec));
  return cluster;
}

const denied = (name: string, message: string) =>
  `configmaps "${name}" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${message}`;

describe("ValidatingAdmissionPolicy", () => {
  it("denies with the message of the rule", () => {
    const cluster = scene(`validations: [{expression: "!has(object.data.bad)", message: no bad}]`);
    const { code, body } = cluster.send("create", configMap("vv", "{bad: x}"));
    const message = denied("vv", "no bad");
    assert.deepEqual(body as Status, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason: "Invalid",
      details: {
        name: "vv",
        kind: "configmaps",
        causes: [{ message: message.slice(message.indexOf("ValidatingAdmissionPolicy")) }],
      },
      code: 422,
    });
    assert.equal(code, 422);
    cluster.create(configMap("good"));
  });

  const refusals: readonly (readonly [title: string, spec: string, message: string])[] = [
    [
      "a message that is made of the request",
      `validations: [{expression: "false", messageExpression: "object.metadata.name + ' by ' + request.userInfo.username + ' in ' + namespaceObject.metadata.name"}]`,
      "cm by kubernetes-admin in default",
    ],
    ["the rule itself", `validations: [{expression: " 1 == 2 "}]`, "failed expression: 1 == 2"],
    [
      "an error",
      `validations: [{expression: "object.data.a == 'x'"}]`,
      "expression 'object.data.a == 'x'' resulted in error: no such key: a",
    ],
    [
      "an error in a variable",
      `variables: [{name: v, expression: object.data.a}], validations: [{expression: "variables.v == 'x'"}]`,
      `expression 'variables.v == 'x'' resulted in error: composited variable "v" fails to evaluate: no such key: a`,
    ],
    [
      "what the authorizer says",
      `validations: [{expression: "authorizer.serviceAccount('default', 'default').group('').resource('configmaps').namespace('default').check('get').allowed()"}]`,
      "failed expression: authorizer.serviceAccount('default', 'default').group('').resource('configmaps').namespace('default').check('get').allowed()",
    ],
    [
      "a condition that fails",
      `matchConditions: [{name: c, expression: "object.nope == 1"}], validations: [{expression: "false"}]`,
      "expression 'object.nope == 1' resulted in error: no such key: nope",
    ],
  ];
  for (const [title, spec, message] of refusals)
    it(`tells ${title}`, () => {
      const cluster = scene(spec);
      assert.equal(cluster.refusal(configMap("cm")), denied("cm", message));
    });

  const passes: readonly (readonly [title: string, spec: string, bindingSpec?: string])[] = [
    [
      "a request that meets no condition",
      `matchConditions: [{name: c, expression: "object.metadata.name == 'other'"}], validations: [{expression: "false"}]`,
    ],
    [
      "what it cannot judge, if that is its policy",
      `failurePolicy: Ignore, validations: [{expression: "object.data.a == 'x'"}]`,
    ],
    [
      "another namespace than its binding names",
      `validations: [{expression: "false"}]`,
      "validationActions: [Deny], matchResources: {namespaceSelector: {matchLabels: {a: b}}}",
    ],
    [
      "objects without the binding's labels",
      `validations: [{expression: "false"}]`,
      "validationActions: [Deny], matchResources: {objectSelector: {matchLabels: {a: b}}}",
    ],
    [
      "resources that its binding leaves out",
      `validations: [{expression: "false"}]`,
      `validationActions: [Deny], matchResources: {excludeResourceRules: [{apiGroups: [""], apiVersions: ["*"], operations: ["*"], resources: ["*"]}]}`,
    ],
  ];
  for (const [title, spec, bindingSpec] of passes)
    it(`lets pass ${title}`, () => {
      scene(spec, bindingSpec).create(configMap("cm"));
    });

  it("warns where it is not to deny", () => {
    const cluster = scene(
      `validations: [{expression: "false", message: no}]`,
      "validationActions: [Warn, Audit]",
    );
    assert.deepEqual(cluster.send("create", configMap("cm")).warnings, [
      "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': no",
    ]);
  });

  it("gives the reason that the rule names", () => {
    const cluster = scene(`validations: [{expression: "false", reason: Forbidden}]`);
    const { code, body } = cluster.send("create", configMap("cm"));
    assert.deepEqual([code, (body as Status).reason], [403, "Forbidden"]);
  });

  it("compares with the state before, and sees deletions only if it asks for them", () => {
    const cluster = scene(
      `validations: [{expression: "oldObject == null || object.data == oldObject.data", message: fixed}]`,
    );
    cluster.create(configMap("cm", "{a: b}"));
    const kind = ConfigMap as never;
    assert.equal(cluster.patch(kind, "cm", { data: { a: "c" } }), `${denied("cm", "fixed")}`);
    assert.equal(cluster.ask("delete", kind, { name: "cm" }).code, 200);
  });

  it("sees a Scale where replicas are set by one", () => {
    const cluster = new Manifests();
    cluster.wait(1_000);
    const rule = (resource: string, name: string) =>
      `{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: ${name}}, spec: {matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [${resource}]}]}, validations: [{expression: "object.spec.replicas <= 3 && request.kind.kind != 'Deployment'", messageExpression: "request.kind.kind + ' of ' + request.resource.resource"}]}}`;
    const deployment = cluster.create(
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}",
    );
    const kind = cluster.kindOf(deployment.apiVersion, deployment.kind);
    const scale = (replicas: number) =>
      cluster.patch(kind, "d", { spec: { replicas } }, { subresource: "scale" });
    cluster.create(rule("deployments", "p"));
    cluster.create(binding());
    assert.equal(scale(9), "");
    cluster.create(rule("deployments/scale", "q"));
    cluster.create(
      binding().replace("name: b", "name: c").replace("policyName: p", "policyName: q"),
    );
    assert.equal(scale(2), "");
    assert.equal(
      scale(9),
      `deployments.apps "d" is forbidden: ValidatingAdmissionPolicy 'q' with binding 'c' denied request: Scale of deployments`,
    );
  });

  describe("with parameters", () => {
    const spec = `paramKind: {apiVersion: v1, kind: ConfigMap}, matchConditions: [{name: c, expression: "!object.metadata.name.startsWith('limit')"}], validations: [{expression: "params == null || size(object.data) <= int(params.data.most)", messageExpression: "'at most ' + params.data.most"}]`;

    it("takes the object that its binding names", () => {
      const cluster = scene(
        spec,
        "validationActions: [Deny], paramRef: {name: limits, parameterNotFoundAction: Deny}",
      );
      assert.equal(
        cluster.refusal(configMap("cm")),
        denied(
          "cm",
          "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
        ),
      );
    });

    it("is evaluated once for each that its binding selects", () => {
      const cluster = scene(
        spec,
        "validationActions: [Deny], paramRef: {selector: {matchLabels: {limit: a}}, parameterNotFoundAction: Allow}",
      );
      cluster.create(configMap("cm1", "{a: b, c: d}"));
      cluster.create(
        '{apiVersion: v1, kind: ConfigMap, metadata: {name: limit, labels: {limit: a}}, data: {most: "1"}}',
      );
      assert.equal(cluster.refusal(configMap("cm2", "{a: b, c: d}")), denied("cm2", "at most 1"));
    });
  });

  it("tells what its expressions get wrong about the kinds they are for", () => {
    const cluster = new Manifests();
    cluster.create(
      policy(`validations: [{expression: "object.dada.size() == 0"}, {expression: "true"}]`),
    );
    assert.deepEqual(cluster.get<PolicyObject>(ValidatingAdmissionPolicy, "p").status, {
      observedGeneration: 1,
      typeChecking: {
        expressionWarnings: [
          {
            fieldRef: "spec.validations[0].expression",
            warning:
              "/v1, Kind=ConfigMap: ERROR: <input>:1:7: undefined field 'dada'\n | object.dada.size() == 0\n | ......^\n",
          },
        ],
      },
    });
  });

  const compileErrors: readonly (readonly [spec: string, message: string])[] = [
    [
      `validations: [{expression: "object.metadata.name +"}]`,
      `spec.validations[0].expression: Invalid value: "object.metadata.name +": compilation failed: ERROR: <input>:1:23: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | object.metadata.name +\n | ......................^`,
    ],
    [
      `validations: [{expression: "object.metadata.name"}]`,
      `spec.validations[0].expression: Invalid value: "object.metadata.name": must evaluate to bool but got dyn`,
    ],
    [
      `validations: [{expression: "true", messageExpression: "1"}]`,
      `spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string but got int`,
    ],
    [
      `auditAnnotations: [{key: k, valueExpression: "true"}]`,
      `spec.auditAnnotations[0].valueExpression: Invalid value: "true": must evaluate to one of [string null_type] but got bool`,
    ],
    [
      `validations: [{expression: "params.a == 1"}]`,
      `spec.validations[0].expression: Invalid value: "params.a == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')\n | params.a == 1\n | ^`,
    ],
    [
      `variables: [{name: a, expression: "variables.b"}], validations: [{expression: "true"}]`,
      `spec.variables[0].expression: Invalid value: "variables.b": compilation failed: ERROR: <input>:1:10: undefined field 'b'\n | variables.b\n | .........^`,
    ],
  ];
  for (const [spec, message] of compileErrors)
    it(`is refused: ${spec}`, () => {
      assert.equal(
        new Manifests().refusal(policy(spec)),
        `ValidatingAdmissionPolicy.admissionregistration.k8s.io "p" is invalid: ${message}`,
      );
    });
});
