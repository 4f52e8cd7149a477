import assert from "node:assert/strict";
import { decodeBase64 } from "../../../src/api/kinds/secret/base64.ts";
import { Secret } from "../../../src/api/kinds/secret.ts";
import { ServiceAccount } from "../../../src/api/kinds/serviceAccount.ts";
import { Scene } from "../registry/admission/scene.ts";

const type = "kubernetes.io/service-account-token";
const key = (name: string) => ({ namespace: "default", name });
const of = (account: string) => ({
  annotations: { "kubernetes.io/service-account.name": account },
});

describe("serviceaccount-token-controller", () => {
  let scene: Scene;

  beforeEach(() => {
    scene = new Scene();
    scene.make(ServiceAccount, "robot");
    scene.make(Secret, "pass", { type }, of("robot"));
    scene.settle();
  });

  const secrets = () =>
    scene.client.list(Secret, { namespace: "default" }).items.map(({ metadata }) => metadata.name);

  it("fills Secrets with a token that stands for their account until they are gone", () => {
    const { data = {}, metadata } = scene.client.get(Secret, key("pass"));
    const account = scene.client.get(ServiceAccount, key("robot"));
    assert.equal(decodeBase64(data.namespace ?? ""), "default");
    assert.equal(metadata.annotations?.["kubernetes.io/service-account.uid"], account.metadata.uid);
    const { tokens } = scene.engine.apiServer;
    const token = decodeBase64(data.token ?? "");
    const answer = tokens.authenticateToken(token);
    assert.equal(
      "user" in answer ? answer.user.name : answer.error,
      "system:serviceaccount:default:robot",
    );
    scene.client.delete(Secret, key("pass"));
    assert.deepEqual(tokens.authenticateToken(token), { error: "Token has been invalidated" });
  });

  it("removes the Secrets of accounts that go, and of those that never were", () => {
    scene.make(Secret, "stray", { type }, of("nobody"));
    scene.client.delete(ServiceAccount, key("robot"));
    scene.settle();
    assert.deepEqual(secrets(), []);
  });

  it("takes a Secret that is gone off its account's list", () => {
    const account = scene.client.get(ServiceAccount, key("robot"));
    scene.client.update(ServiceAccount, { ...account, secrets: [{ name: "pass" }, { name: "b" }] });
    scene.client.delete(Secret, key("pass"));
    scene.settle();
    assert.deepEqual(scene.client.get(ServiceAccount, key("robot")).secrets, [{ name: "b" }]);
  });
});
