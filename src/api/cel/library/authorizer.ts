// Questions to the authorizer in expressions: authorizer.group('apps').resource('deployments').check('get').
// Source: apiserver pkg/cel/library/authz.go, kubernetes v1.34.
import { dnsLabel, dnsSubdomain } from "../../validation/texts.ts";
import { opaqueType } from "../celType.ts";
import { type CelLibrary, declare, overload } from "../declaration.ts";
import { CelError, type CelValue, type OpaqueValue } from "../value.ts";

/** What an expression asks; without `path` it is about a resource. */
export interface AccessQuestion {
  readonly verb: string;
  readonly path?: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

export interface AccessAnswer {
  readonly allowed: boolean;
  readonly reason: string;
}

/** Who is asked, on behalf of one user. */
export interface AccessOracle {
  answer(question: AccessQuestion): AccessAnswer;
  /** The same for a service account. */
  forServiceAccount(namespace: string, name: string): AccessOracle;
}

const prefix = "kubernetes.authorization.";
const authorizer = `${prefix}Authorizer`;
const pathCheck = `${prefix}PathCheck`;
const groupCheck = `${prefix}GroupCheck`;
const resourceCheck = `${prefix}ResourceCheck`;
const decision = `${prefix}Decision`;

export const authorizerType = opaqueType(authorizer);
export const resourceCheckType = opaqueType(resourceCheck);

abstract class Value implements OpaqueValue {
  abstract readonly opaqueType: string;

  equals(other: CelValue): boolean {
    return this === other;
  }
}

/** The variable `authorizer`. */
export class AuthorizerValue extends Value {
  readonly opaqueType = authorizer;

  constructor(readonly oracle: AccessOracle) {
    super();
  }
}

class PathCheck extends Value {
  readonly opaqueType = pathCheck;

  constructor(
    readonly oracle: AccessOracle,
    readonly path: string,
  ) {
    super();
  }
}

class GroupCheck extends Value {
  readonly opaqueType = groupCheck;

  constructor(
    readonly oracle: AccessOracle,
    readonly group: string,
  ) {
    super();
  }
}

type ResourceQuestion = Omit<AccessQuestion, "verb" | "path">;

/** A check of a resource, e.g. the variable `authorizer.requestResource`. */
export class ResourceCheck extends Value {
  readonly opaqueType = resourceCheck;

  constructor(
    readonly oracle: AccessOracle,
    readonly question: ResourceQuestion,
  ) {
    super();
  }

  with(more: Partial<ResourceQuestion>): ResourceCheck {
    return new ResourceCheck(this.oracle, { ...this.question, ...more });
  }
}

class Decision extends Value {
  readonly opaqueType = decision;

  constructor(readonly answer: AccessAnswer) {
    super();
  }
}

const nothing = { verb: "", group: "", resource: "", subresource: "", namespace: "", name: "" };

function path({ oracle }: AuthorizerValue, text: string): PathCheck {
  if (text === "") throw new CelError("path must not be empty");
  return new PathCheck(oracle, text);
}

function serviceAccount(
  { oracle }: AuthorizerValue,
  namespace: string,
  name: string,
): AuthorizerValue {
  if (dnsSubdomain(name).length > 0) throw new CelError("Invalid service account name");
  if (dnsLabel(namespace).length > 0) throw new CelError("Invalid service account namespace");
  return new AuthorizerValue(oracle.forServiceAccount(namespace, name));
}

function narrowing(name: "subresource" | "namespace" | "name" | "fieldSelector" | "labelSelector") {
  return declare(
    name,
    overload(
      `resourcecheck_${name.toLowerCase()}`,
      `${resourceCheck}.${name}(string) -> ${resourceCheck}`,
      (check: ResourceCheck, text: string) => check.with({ [name]: text }),
    ),
  );
}

function reading(name: string, type: string, read: (answer: AccessAnswer) => CelValue) {
  return declare(
    name,
    overload(`decision_${name}`, `${decision}.${name}() -> ${type}`, ({ answer }: Decision) =>
      read(answer),
    ),
  );
}

export const authorizerLibrary: CelLibrary = {
  functions: [
    declare(
      "path",
      overload("authorizer_path", `${authorizer}.path(string) -> ${pathCheck}`, path),
    ),
    declare(
      "group",
      overload(
        "authorizer_group",
        `${authorizer}.group(string) -> ${groupCheck}`,
        ({ oracle }: AuthorizerValue, group: string) => new GroupCheck(oracle, group),
      ),
    ),
    declare(
      "serviceAccount",
      overload(
        "authorizer_serviceaccount",
        `${authorizer}.serviceAccount(string, string) -> ${authorizer}`,
        serviceAccount,
      ),
    ),
    declare(
      "resource",
      overload(
        "groupcheck_resource",
        `${groupCheck}.resource(string) -> ${resourceCheck}`,
        ({ oracle, group }: GroupCheck, resource: string) =>
          new ResourceCheck(oracle, { ...nothing, group, resource }),
      ),
    ),
    narrowing("subresource"),
    narrowing("namespace"),
    narrowing("name"),
    narrowing("fieldSelector"),
    narrowing("labelSelector"),
    declare(
      "check",
      overload(
        "pathcheck_check",
        `${pathCheck}.check(string) -> ${decision}`,
        ({ oracle, path: asked }: PathCheck, verb: string) =>
          new Decision(oracle.answer({ ...nothing, verb, path: asked })),
      ),
      overload(
        "resourcecheck_check",
        `${resourceCheck}.check(string) -> ${decision}`,
        ({ oracle, question }: ResourceCheck, verb: string) =>
          new Decision(oracle.answer({ ...question, verb })),
      ),
    ),
    reading("allowed", "bool", ({ allowed }) => allowed),
    reading("reason", "string", ({ reason }) => reason),
    // The simulated authorizers always come to a decision.
    reading("errored", "bool", () => false),
    reading("error", "string", () => ""),
  ],
};
