import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { ForwardTarget } from "../../../src/api/forwardTarget.ts";
import { PortForwards } from "../../../src/engine/host/nodePortForwards.ts";
import type { PortOutput } from "../../../src/engine/node/portConnection.ts";

const target: ForwardTarget = { type: "pod", namespace: "default", name: "web", port: 80 };

/** Sends back what comes, and hangs up when the client has said all. */
function echo(_target: ForwardTarget, output: PortOutput) {
  return {
    write: (bytes: Uint8Array) => output.data(bytes),
    end: () => output.closed(),
    dispose: () => undefined,
  };
}

describe("a forwarded port", () => {
  it("carries bytes both ways, and is the same for the same target", async () => {
    const forwards = new PortForwards(echo);
    const port = await forwards.open(target);
    assert.equal(await forwards.open({ ...target }), port);
    const socket = connect(port, "127.0.0.1");
    socket.end("hello");
    const said: Buffer[] = [];
    socket.on("data", (bytes: Buffer) => said.push(bytes));
    await once(socket, "close");
    assert.equal(Buffer.concat(said).toString(), "hello");
    await forwards.close();
  });

  it("hangs up where nobody listens", async () => {
    const forwards = new PortForwards(() => undefined);
    const socket = connect(await forwards.open(target), "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "close");
    await forwards.close();
  });
});
