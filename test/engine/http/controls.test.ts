import assert from "node:assert/strict";
import { apiErrors } from "../../../src/api/apiErrorCodec.ts";
import { userNamed } from "../../../src/api/user.ts";
import { disposable } from "../../../src/base/disposable.ts";
import type { Handlers } from "../../../src/base/rpc.ts";
import type { EngineContract } from "../../../src/client/engineContract.ts";
import { Controls } from "../../../src/engine/http/controls.ts";
import type { HttpRequest, HttpResponse } from "../../../src/engine/http/exchange.ts";

const admin = userNamed("kubernetes-admin");
const calls: string[] = [];

const handlers = {
  calls: {
    status: () => ({ paused: false }),
    pause: () => calls.push("pause"),
    setSpeed: (speed: number) => void calls.push(`setSpeed ${speed}`),
    inject: () => {
      throw new Error("there is no machine called nobody");
    },
    close: () => calls.push("close"),
  },
  streams: {
    trace: (from: number, sink: { next(batch: unknown[]): void; end(): void }) => {
      sink.next([{ id: from }, { id: from + 1 }]);
      sink.end();
      return disposable(() => calls.push("disposed"));
    },
  },
} as unknown as Handlers<EngineContract>;

describe("the controls over HTTP", () => {
  const controls = new Controls(handlers, apiErrors);

  async function send(method: string, target: string, body = "", user = admin) {
    const [path = "", search] = target.split("?");
    const request: HttpRequest = {
      method,
      target,
      headers: {},
      readBody: async () => new TextEncoder().encode(body),
    };
    const query = new URLSearchParams(search);
    const answer = await controls.answer({
      request,
      path: `/kubernetes-tutor/v1/${path}`,
      query,
      user,
    });
    assert.ok(answer);
    return { status: answer.status, body: textOf(answer) };
  }

  for (const [claim, method, target, body, status, expected] of [
    ["a call", "POST", "setSpeed", "[60]", 200, "{}\n"],
    ["what can be looked at", "GET", "status", "", 200, '{"value":{"paused":false}}\n'],
    [
      "a stream, a batch a line",
      "GET",
      "trace?params=[5]",
      "",
      200,
      '{"batch":[{"id":5},{"id":6}]}\n',
    ],
    [
      "a failure of the call",
      "POST",
      "inject",
      "[{}]",
      200,
      '{"error":{"name":"Error","message":"there is no machine called nobody"}}\n',
    ],
    ["nothing that is unknown", "POST", "explode", "[]", 404, "404 page not found\n"],
    ["no member of an object", "POST", "constructor", "[]", 404, "404 page not found\n"],
    ["no change by a look", "GET", "pause", "", 404, "404 page not found\n"],
    ["no end of the cluster", "POST", "close", "[]", 404, "404 page not found\n"],
  ] as const)
    it(`answer ${claim}`, async () => {
      const answer = await send(method, target, body);
      assert.deepEqual([answer.status, answer.body], [status, expected]);
    });

  it("carry out what was asked", () => {
    assert.deepEqual(calls, ["setSpeed 60", "disposed"]);
  });

  it("refuse parameters that are no list", () =>
    assert.rejects(send("POST", "setSpeed", "{"), /the parameters are not a list in JSON/));

  it("are for the cluster's own administrator", () =>
    assert.rejects(send("POST", "pause", "[]", userNamed("alice")), /may not control the cluster/));

  it("leave other paths to others", () => {
    const request = { request: {} as HttpRequest, path: "/api", query: new URLSearchParams() };
    assert.equal(controls.answer({ ...request, user: admin }), undefined);
  });
});

function textOf({ body }: HttpResponse): string {
  if (typeof body !== "function") return String(body);
  let text = "";
  const sink = {
    write: (chunk: string) => {
      text += chunk;
      return true;
    },
    onDrain: () => undefined,
    end: () => undefined,
  };
  body(sink as unknown as Parameters<typeof body>[0]).dispose();
  return text;
}
