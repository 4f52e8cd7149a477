import assert from "node:assert/strict";
import { Pod } from "../../../../src/api/kinds/pod/kind.ts";
import { SelfSubjectReview, TokenReview } from "../../../../src/api/kinds/reviews/kinds.ts";
import { Secret } from "../../../../src/api/kinds/secret.ts";
import { ServiceAccount } from "../../../../src/api/kinds/serviceAccount.ts";
import type { TokenRequest, SelfSubjectReview as Whoami } from "../../../../src/api/reviewTypes.ts";
import type { Status } from "../../../../src/api/status.ts";
import { userNamed } from "../../../../src/api/user.ts";
import { minute, second } from "../../../../src/base/time.ts";
import { Engine } from "../../../../src/engine/engine.ts";
import { claimsOf } from "../../../../src/engine/registry/tokens/jsonWebToken.ts";

const start = Date.UTC(2026, 0, 31);
const key = { namespace: "default", name: "bot" };

function makeEngine() {
  const engine = new Engine({ now: start, seed: 1, spec: { machines: [] } });
  engine.clock.run(second);
  const admin = engine.client("kubernetes-admin");
  const account = admin.create(ServiceAccount, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { ...key },
  });
  return { engine, admin, account };
}

function request(engine: Engine, spec: object, metadata: object = {}) {
  return engine.apiServer.handle(userNamed("kubernetes-admin"), {
    verb: "create",
    apiVersion: "v1",
    resource: "serviceaccounts",
    subresource: "token",
    ...key,
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", metadata, spec },
  });
}

function tokenOf(engine: Engine, spec: object = {}): string {
  const { code, body } = request(engine, spec);
  assert.equal(code, 201, (body as Status).message);
  return (body as TokenRequest).status?.token ?? "";
}

function reviewed(engine: Engine, token: string, audiences?: readonly string[]): object {
  const spec = { token, ...(audiences ? { audiences } : {}) };
  const metadata = { name: "" };
  const { apiVersion, gvk } = TokenReview;
  const answer = engine
    .client("kubernetes-admin")
    .create(TokenReview, { apiVersion, kind: gvk.kind, metadata, spec });
  return answer.status ?? {};
}

const audience = "https://kubernetes.default.svc";

describe("a ServiceAccount's token", () => {
  it("says whose it is, and for how long", () => {
    const { engine, account } = makeEngine();
    const claims = claimsOf(tokenOf(engine, { expirationSeconds: 600 })) ?? {};
    const { jti, ...rest } = claims;
    const now = (start + second) / 1_000;
    assert.match(String(jti), /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, {
      aud: [audience],
      exp: now + 600,
      iat: now,
      iss: audience,
      "kubernetes.io": {
        namespace: "default",
        serviceaccount: { name: "bot", uid: account.metadata.uid },
      },
      nbf: now,
      sub: "system:serviceaccount:default:bot",
    });
    assert.deepEqual(Object.keys(claims), [...Object.keys(claims)].sort());
  });

  it("is answered with what was asked, filled in", () => {
    const { body } = request(makeEngine().engine, {});
    const { metadata, spec, status } = body as TokenRequest;
    const { managedFields = [], ...known } = metadata;
    assert.deepEqual(known, { ...key, creationTimestamp: "2026-01-31T00:00:01Z" });
    assert.deepEqual(
      managedFields.map(({ subresource, fieldsV1 }) => ({ subresource, fieldsV1 })),
      [
        {
          subresource: "token",
          fieldsV1: { "f:spec": { ".": {}, "f:audiences": {}, "f:expirationSeconds": {} } },
        },
      ],
    );
    assert.deepEqual(spec, {
      audiences: [audience],
      expirationSeconds: 3600,
      boundObjectRef: null,
    });
    assert.equal(status?.expirationTimestamp, "2026-01-31T01:00:01Z");
  });

  for (const [claim, spec, metadata, message] of [
    [
      "lives ten minutes at least",
      { expirationSeconds: 10 },
      {},
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes',
    ],
    [
      "is its account's alone",
      {},
      { name: "other" },
      'TokenRequest.authentication.k8s.io "bot" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified',
    ],
    [
      "cannot be bound to what is missing",
      { boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "none" } },
      {},
      'pods "none" not found',
    ],
    [
      "cannot be bound to every kind",
      { boundObjectRef: { kind: "Deployment", apiVersion: "apps/v1", name: "none" } },
      {},
      "cannot bind token to object of type apps/v1, Kind=Deployment",
    ],
  ] as const)
    it(claim, () => {
      const { body } = request(makeEngine().engine, spec, metadata);
      assert.equal((body as Status).message, message);
    });

  it("is good for its account until it ends", () => {
    const { engine, account } = makeEngine();
    const token = tokenOf(engine, { expirationSeconds: 600 });
    const jti = `JTI=${claimsOf(token)?.jti}`;
    const user = {
      username: "system:serviceaccount:default:bot",
      uid: account.metadata.uid,
      groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
      extra: { "authentication.kubernetes.io/credential-id": [jti] },
    };
    assert.deepEqual(reviewed(engine, token), {
      authenticated: true,
      user,
      audiences: [audience],
    });
    engine.clock.run(11 * minute + second);
    assert.deepEqual(reviewed(engine, token), {
      user: {},
      error: "[invalid bearer token, service account token has expired]",
    });
  });

  it("is bad for an audience that it was not made for", () => {
    const { engine } = makeEngine();
    assert.deepEqual(reviewed(engine, tokenOf(engine), ["vault"]), {
      user: {},
      error: `[invalid bearer token, token audiences ["${audience}"] is invalid for the target audiences ["vault"]]`,
    });
    const forVault = tokenOf(engine, { audiences: ["vault"] });
    const answer = engine.apiServer.tokens.authenticateToken(forVault);
    assert.equal("error" in answer, true);
  });

  it("does not outlive its account, not even under the same name", () => {
    const { engine, admin, account } = makeEngine();
    const token = tokenOf(engine);
    admin.delete(ServiceAccount, key);
    assert.deepEqual(reviewed(engine, token), {
      user: {},
      error: '[invalid bearer token, serviceaccounts "bot" not found]',
    });
    const again = admin.create(ServiceAccount, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { ...key },
    });
    assert.deepEqual(reviewed(engine, token), {
      user: {},
      error: `[invalid bearer token, service account UID (${again.metadata.uid}) does not match claim (${account.metadata.uid})]`,
    });
  });

  it("of a Pod ends with the Pod, and says where it runs", () => {
    const { engine, admin } = makeEngine();
    const pod = admin.create(Pod, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "default" },
      spec: {
        serviceAccountName: "bot",
        nodeName: "away",
        containers: [{ name: "c", image: "i" }],
      },
    });
    const boundObjectRef = { kind: "Pod", apiVersion: "v1", name: "p" };
    const token = tokenOf(engine, { boundObjectRef, expirationSeconds: 3607 });
    const claims = claimsOf(token) ?? {};
    assert.deepEqual((claims["kubernetes.io"] as { pod: object }).pod, {
      name: "p",
      uid: pod.metadata.uid,
    });
    const { warnafter } = claims["kubernetes.io"] as { warnafter: number };
    assert.equal(warnafter, Number(claims.iat) + 3607);
    assert.equal(claims.exp, Number(claims.iat) + 365 * 24 * 3600);
    const answer = engine.apiServer.tokens.authenticateToken(token);
    assert.ok("user" in answer);
    assert.deepEqual(Object.keys(answer.user.extra ?? {}), [
      "authentication.kubernetes.io/credential-id",
      "authentication.kubernetes.io/node-name",
      "authentication.kubernetes.io/pod-name",
      "authentication.kubernetes.io/pod-uid",
    ]);
    admin.delete(Pod, { namespace: "default", name: "p" }, { gracePeriodSeconds: 0 });
    assert.deepEqual(engine.apiServer.tokens.authenticateToken(token), {
      error: "service account token has been invalidated",
    });
  });

  it("of another account's Pod is refused", () => {
    const { engine, admin } = makeEngine();
    admin.create(Pod, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "default" },
      spec: { containers: [{ name: "c", image: "i" }] },
    });
    const boundObjectRef = { kind: "Pod", apiVersion: "v1", name: "p" };
    assert.equal(
      (request(engine, { boundObjectRef }).body as Status).message,
      'cannot bind token for serviceaccount "bot" to pod running with different serviceaccount name.',
    );
  });

  it("that was tampered with is nobody's", () => {
    const { engine } = makeEngine();
    const [header, claims] = tokenOf(engine).split(".");
    for (const token of ["", "x", "a.b.c", `${header}.${claims}.AAAA`])
      assert.ok("error" in engine.apiServer.tokens.authenticateToken(token), token);
    assert.deepEqual(reviewed(engine, "x"), { user: {}, error: "invalid bearer token" });
  });

  it("of another cluster is nobody's", () => {
    const { engine } = makeEngine();
    const other = new Engine({ now: start, seed: 2, spec: { machines: [] } });
    assert.ok("error" in other.apiServer.tokens.authenticateToken(tokenOf(engine)));
  });
});

describe("a token in a Secret", () => {
  it("is good as long as the Secret holds it", () => {
    const { engine, admin, account } = makeEngine();
    const token = engine.apiServer.tokens.issueLegacy(account, "s");
    assert.deepEqual(reviewed(engine, token), {
      user: {},
      error: "[invalid bearer token, Token has been invalidated]",
    });
    admin.create(Secret, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "default" },
      data: { token: btoa(token) },
    });
    const answer = engine.apiServer.tokens.authenticateToken(token);
    assert.ok("user" in answer);
    assert.equal(answer.user.name, "system:serviceaccount:default:bot");
    admin.delete(Secret, { namespace: "default", name: "s" });
    assert.ok("error" in engine.apiServer.tokens.authenticateToken(token));
  });
});

describe("whoever asks who they are", () => {
  it("is told, whatever they may do", () => {
    const { engine } = makeEngine();
    const { apiVersion, plural, gvk } = SelfSubjectReview;
    const { code, body } = engine.apiServer.handle(
      { name: "joe", groups: ["devs", "system:authenticated"], extra: { a: ["b"] } },
      {
        verb: "create",
        apiVersion,
        resource: plural,
        namespace: "",
        body: { apiVersion, kind: gvk.kind },
      },
    );
    assert.equal(code, 201);
    assert.deepEqual((body as Whoami).status, {
      userInfo: { username: "joe", groups: ["devs", "system:authenticated"], extra: { a: ["b"] } },
    });
  });
});
