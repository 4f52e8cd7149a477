// An engine without machines that takes manifests as YAML, and answers as the API server does.
import assert from "node:assert/strict";
import { parse } from "yaml";
import type { Kind } from "../../src/api/kind.ts";
import type { KubeObject } from "../../src/api/object.ts";
import type { ApiRequest, ApiResponse } from "../../src/api/request.ts";
import type { Status } from "../../src/api/status.ts";
import { userNamed } from "../../src/api/user.ts";
import { Engine } from "../../src/engine/engine.ts";

type Details = Partial<ApiRequest>;

export class Manifests {
  readonly engine = new Engine({
    now: Date.UTC(2026, 0, 31, 9),
    seed: 1,
    spec: { machines: [] },
  });

  /** Creates an object, and lets the cluster work for a moment. @returns the created object */
  create(text: string): KubeObject {
    const response = this.send("create", text);
    assert.equal(response.code, 201, messageOf(response));
    this.wait();
    return response.body as KubeObject;
  }

  /** @returns why an object is not created */
  refusal(text: string, verb: ApiRequest["verb"] = "create", details: Details = {}): string {
    const response = this.send(verb, text, details);
    assert.notEqual(response.code < 300, true, "the request is refused");
    return messageOf(response);
  }

  /** Sends a manifest in the namespace default. */
  send(verb: ApiRequest["verb"], text: string, details: Details = {}): ApiResponse {
    const body = parse(text) as KubeObject;
    const name = verb === "create" ? {} : { name: body.metadata.name };
    return this.ask(verb, this.kindOf(body.apiVersion, body.kind), { body, ...name, ...details });
  }

  ask(verb: ApiRequest["verb"], kind: Kind, details: Details = {}): ApiResponse {
    return this.engine.apiServer.handle(userNamed("kubernetes-admin"), {
      verb,
      apiVersion: kind.apiVersion,
      resource: kind.plural,
      namespace: kind.namespaced ? "default" : "",
      ...details,
    });
  }

  get<T extends KubeObject>(kind: Kind<T> | Kind, name: string): T {
    return this.ask("get", kind as Kind, { name }).body as T;
  }

  /** @returns why a merge patch is refused; "" if it is not */
  patch(kind: Kind, name: string, body: object, details: Details = {}): string {
    return messageOf(this.ask("patch", kind, { name, body, patchType: "merge", ...details }));
  }

  kindOf(apiVersion: string, kind: string): Kind {
    const found = this.engine.kinds.forObject(apiVersion, kind);
    assert.ok(found, `${apiVersion} ${kind} is served`);
    return found;
  }

  wait(ms = 200): void {
    this.engine.clock.run(ms);
  }
}

export function messageOf({ code, body }: ApiResponse): string {
  return code < 300 ? "" : ((body as Status).message ?? "");
}
