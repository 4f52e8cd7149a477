import assert from "node:assert/strict";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { disposable } from "../../src/base/disposable.ts";
import {
  connect,
  type ErrorCodec,
  type Handlers,
  type Port,
  type Remote,
  type StreamSink,
  serve,
} from "../../src/base/rpc.ts";

interface Shop {
  calls: {
    add(a: number, b: number): number;
    later(text: string): string;
    refuse(code: number): void;
    nothing(): undefined;
  };
  streams: {
    count(to: number): number[];
    endless(): string[];
    broken(): number[];
  };
}

class Refusal extends Error {
  constructor(readonly code: number) {
    super(`refused with ${code}`);
  }
}

const refusals: ErrorCodec = {
  encode: (error) => (error instanceof Refusal ? error.code : 0),
  decode: (code) => new Refusal(code as number),
};

describe("rpc", () => {
  const channels: MessageChannel[] = [];
  const log: string[] = [];
  let endlessSink: StreamSink<string> | undefined;

  const handlers: Handlers<Shop> = {
    calls: {
      add: (a, b) => a + b,
      later: async (text) => text.toUpperCase(),
      refuse: (code) => {
        throw new Refusal(code);
      },
      nothing: () => undefined,
    },
    streams: {
      count: (to, sink) => {
        for (let i = 1; i <= to; i++) sink.next([i]);
        sink.end();
        return disposable(() => log.push("count stopped"));
      },
      endless: (sink) => {
        endlessSink = sink;
        sink.next(["first"]);
        return disposable(() => log.push("endless stopped"));
      },
      broken: (sink) => {
        sink.next([1]);
        sink.fail(new Refusal(7));
        return disposable(() => log.push("broken stopped"));
      },
    },
  };

  beforeEach(() => {
    log.length = 0;
    endlessSink = undefined;
  });

  afterEach(() => {
    for (const { port1 } of channels.splice(0)) port1.close();
  });

  function joined(session = ""): { remote: Remote<Shop>; port: Port } {
    const channel = new MessageChannel();
    channels.push(channel);
    serve<Shop>(portOf(channel.port1), handlers, { errors: refusals });
    const port = portOf(channel.port2);
    return { remote: connect<Shop>(port, { errors: refusals, session }), port };
  }

  it("ties each reply to its call, whatever the order of the answers", async () => {
    const { remote } = joined();
    const replies = [remote.call("later", "a"), remote.call("add", 2, 3), remote.call("nothing")];
    assert.deepEqual(await Promise.all(replies), ["A", 5, undefined]);
  });

  it("brings an error over with all that the codec keeps of it", async () => {
    await assert.rejects(joined().remote.call("refuse", 409), new Refusal(409));
  });

  it("refuses a call that the other side does not know, inherited names included", async () => {
    const { port } = joined();
    const other = connect<{ calls: { toString(): string }; streams: object }>(port);
    await assert.rejects(other.call("toString"));
  });

  it("streams all items in order, then ends, and stops the source once", async () => {
    const items: number[] = [];
    for await (const batch of joined().remote.stream("count", [5])) items.push(...batch);
    assert.deepEqual(items, [1, 2, 3, 4, 5]);
    assert.deepEqual(log, ["count stopped"]);
  });

  it("gives a slow reader one large batch", async () => {
    const { remote } = joined();
    const reader = remote.stream("endless", [])[Symbol.asyncIterator]();
    assert.deepEqual(await reader.next(), { done: false, value: ["first"] });
    endlessSink?.next(["second"]);
    endlessSink?.next(["third", "fourth"]);
    await remote.call("nothing");
    assert.deepEqual((await reader.next()).value, ["second", "third", "fourth"]);
  });

  it("delivers what came before a failure, then throws it", async () => {
    const items: number[] = [];
    const read = async (): Promise<void> => {
      for await (const batch of joined().remote.stream("broken", [])) items.push(...batch);
    };
    await assert.rejects(read(), new Refusal(7));
    assert.deepEqual(items, [1]);
    assert.deepEqual(log, ["broken stopped"]);
  });

  it("stops the source when the reader leaves the loop", async () => {
    const { remote } = joined();
    for await (const batch of remote.stream("endless", [])) {
      assert.deepEqual(batch, ["first"]);
      break;
    }
    await remote.call("nothing");
    assert.deepEqual(log, ["endless stopped"]);
  });

  it("ends the stream quietly and stops the source when the signal aborts", async () => {
    const { remote } = joined();
    const stop = new AbortController();
    const batches: (readonly string[])[] = [];
    for await (const batch of remote.stream("endless", [], stop.signal)) {
      batches.push(batch);
      stop.abort();
    }
    await remote.call("nothing");
    assert.deepEqual(batches, [["first"]]);
    assert.deepEqual(log, ["endless stopped"]);
  });

  it("opens nothing for a signal that was aborted before", async () => {
    const { remote } = joined();
    for await (const _ of remote.stream("endless", [], AbortSignal.abort())) assert.fail();
    await remote.call("nothing");
    assert.deepEqual(log, []);
  });

  it("rejects what is under way when the connection closes", async () => {
    const { remote } = joined();
    const reader = remote.stream("endless", [])[Symbol.asyncIterator]();
    await reader.next();
    const next = reader.next();
    const call = remote.call("add", 1, 1);
    remote.close(new Error("the worker died"));
    await assert.rejects(next, /the worker died/);
    await assert.rejects(call, /the worker died/);
    await assert.rejects(remote.call("add", 1, 1), /the worker died/);
  });

  it("stops the streams of a client that was replaced, and never mixes their answers", async () => {
    const { remote, port } = joined("before the reload");
    const old = remote.stream("endless", [])[Symbol.asyncIterator]();
    await old.next();
    const fresh = connect<Shop>(port, { errors: refusals, session: "after the reload" });
    assert.equal(await fresh.call("add", 20, 22), 42);
    assert.deepEqual(log, ["endless stopped"]);
  });

  it("ignores messages that are not its own", async () => {
    const { remote, port } = joined();
    for (const message of [null, "text", { type: "themeChanged" }, { rpc: "call" }])
      port.post(message);
    assert.equal(await remote.call("add", 1, 2), 3);
  });
});

function portOf(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on("message", listener);
      return disposable(() => port.off("message", listener));
    },
  };
}
