import assert from "node:assert/strict";
import fc from "fast-check";
import { utf8Bytes, utf8Text } from "../../../src/base/utf8.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import {
  encodeResponse,
  exchangeHttp,
  HttpReader,
  type HttpRequest,
  type HttpResponse,
  serveHttp,
} from "../../../src/engine/network/http1.ts";
import { Socket } from "../../../src/engine/network/socket.ts";
import { pause, runSteps, type Steps } from "../../../src/engine/node/steps.ts";

function wires(clock: VirtualClock): readonly [Socket, Socket] {
  const carrier = { clock, travelMs: () => 1 };
  const a = { address: "10.244.1.2", port: 40_000 };
  const b = { address: "10.244.2.2", port: 80 };
  const [near, far] = [new Socket(a, b), new Socket(b, a)];
  near.attach(far, carrier);
  far.attach(near, carrier);
  return [near, far];
}

/** What `steps` come to within a minute. */
function outcome<Result>(clock: VirtualClock, steps: Steps<Result>): Result | "still waiting" {
  let result: Result | "still waiting" = "still waiting";
  runSteps(clock, steps, (value) => {
    result = value;
  });
  clock.run(60_000);
  return result;
}

const get: HttpRequest = {
  method: "GET",
  target: "/",
  headers: [["Host", "web"]],
  body: new Uint8Array(),
};

function* echo(request: HttpRequest): Steps<HttpResponse> {
  yield pause(3, "think");
  return { status: 200, headers: [["X-Target", request.target]], body: request.body };
}

describe("HTTP over the simulated network", () => {
  it("carries any body, whatever the pieces that it arrives in", () =>
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        (body, size) => {
          const clock = new VirtualClock(0);
          const [near, far] = wires(clock);
          const bytes = encodeResponse({ status: 200, headers: [], body });
          for (let at = 0; at < bytes.length; at += size) far.write(bytes.subarray(at, at + size));
          const response = outcome(clock, new HttpReader(near).response("GET"));
          assert.ok(response && response !== "still waiting" && "status" in response);
          assert.deepEqual([...response.body], [...body]);
        },
      ),
    ));

  it("keeps a connection for the next request", () => {
    const clock = new VirtualClock(0);
    const [near, far] = wires(clock);
    runSteps(clock, serveHttp(far, echo), () => undefined);
    for (const target of ["/a", "/b"]) {
      const body = utf8Bytes(`to ${target}`);
      const response = outcome(clock, exchangeHttp(near, { ...get, method: "POST", target, body }));
      assert.ok(response && response !== "still waiting" && "status" in response);
      assert.equal(utf8Text(response.body), `to ${target}`);
    }
  });

  it("closes it when the client asks, and says so", () => {
    const clock = new VirtualClock(0);
    const [near, far] = wires(clock);
    runSteps(clock, serveHttp(far, echo), () => undefined);
    near.write(utf8Bytes("GET / HTTP/1.0\r\n\r\n"));
    const reader = new HttpReader(near);
    const response = outcome(clock, reader.response("GET"));
    assert.ok(response && response !== "still waiting" && "status" in response);
    assert.deepEqual(response.headers.at(0), ["X-Target", "/"]);
    assert.equal(outcome(clock, near.read()), undefined);
  });

  for (const [claim, method, text, expected] of [
    [
      "chunks",
      "GET",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n",
      "200 abcde",
    ],
    ["a body until the end", "GET", "HTTP/1.0 200 OK\r\n\r\nall of it", "200 all of it"],
    ["no body after HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "200 "],
    [
      "interim answers first",
      "GET",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
      "204 ",
    ],
    ["what is not HTTP", "GET", "SSH-2.0-OpenSSH\r\n", "malformed SSH-2.0-OpenSSH"],
    ["a body that is cut off", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nab", "hung up"],
    ["nothing at all", "GET", "", "hung up"],
  ] as const)
    it(`reads ${claim}`, () => {
      const clock = new VirtualClock(0);
      const [near, far] = wires(clock);
      far.write(utf8Bytes(text));
      far.close();
      const response = outcome(clock, new HttpReader(near).response(method));
      assert.notEqual(response, "still waiting");
      const seen =
        response === undefined || response === "still waiting"
          ? "hung up"
          : "malformed" in response
            ? `malformed ${response.malformed}`
            : `${response.status} ${utf8Text(response.body)}`;
      assert.equal(seen, expected);
    });

  it("tells who speaks something else that the request is bad", () => {
    const clock = new VirtualClock(0);
    const [near, far] = wires(clock);
    runSteps(clock, serveHttp(far, echo), () => undefined);
    near.write(utf8Bytes("hello\r\n\r\n"));
    const response = outcome(clock, new HttpReader(near).response("GET"));
    assert.ok(response && response !== "still waiting" && "status" in response);
    assert.equal(response.status, 400);
  });
});
