import assert from "node:assert/strict";
import { createInflate, deflateSync } from "node:zlib";
import fc from "fast-check";
import {
  HeaderReader,
  HeaderWriter,
  headerDictionary,
} from "../../../../src/engine/http/streams/spdy/headerBlock.ts";
import { Inflate } from "../../../../src/engine/http/streams/spdy/inflate.ts";
import {
  SpdyConnection,
  type SpdyStream,
} from "../../../../src/engine/http/streams/spdy/spdyConnection.ts";
import {
  controlFrame,
  dataFrame,
  fin,
  HeaderCompressor,
  uint32,
} from "../../../support/spdyFrames.ts";

const names = fc.stringMatching(/^[a-z-]{1,20}$/);
const headerMaps = fc
  .array(fc.tuple(names, fc.string({ maxLength: 200 })), { maxLength: 8 })
  .map((pairs) => new Map(pairs));

describe("SPDY headers", () => {
  it("are read block by block, however they are compressed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(headerMaps, { maxLength: 5 }), fc.nat(9), async (blocks, level) => {
        const compressor = new HeaderCompressor(level);
        const reader = new HeaderReader();
        for (const headers of blocks)
          assert.deepEqual(reader.read(await compressor.block(headers)), headers);
      }),
      { numRuns: 60 },
    );
  });

  it("are written so that zlib reads them", async () => {
    const writer = new HeaderWriter();
    const blocks = [new Map([["streamtype", "data"]]), new Map([["port", "80"]])];
    const reader = new HeaderReader();
    for (const headers of blocks) assert.deepEqual(reader.read(writer.write(headers)), headers);
    const inflate = createInflate({ dictionary: headerDictionary });
    const text = await new Promise<string>((resolve) => {
      inflate.once("data", (chunk: Buffer) => resolve(chunk.toString("latin1")));
      inflate.write(new HeaderWriter().write(new Map([["streamtype", "error"]])));
    });
    assert.match(text, /streamtype.*error/s);
  });

  it("may not blow up", () => {
    const bomb = deflateSync(Buffer.alloc(10_000_000), { dictionary: headerDictionary });
    assert.throws(() => new HeaderReader().read(bomb), /too long/);
  });

  it("inflate to what was deflated, or to an error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.nat(), fc.nat(255), (bytes, at, byte) => {
        const deflated = deflateSync(bytes);
        const pieces = new Inflate(new Uint8Array());
        assert.deepEqual(Buffer.from(pieces.push(deflated, 3_000)), Buffer.from(bytes));
        deflated[at % deflated.length] = byte;
        try {
          new Inflate(new Uint8Array()).push(deflated, 3_000);
        } catch (error) {
          assert.equal((error as Error).constructor.name, "InflateError");
        }
      }),
      { numRuns: 200 },
    );
  });
});

interface Peer {
  readonly connection: SpdyConnection;
  readonly streams: SpdyStream[];
  readonly written: Buffer[];
  readonly isClosed: () => boolean;
}

function peer(): Peer {
  const streams: SpdyStream[] = [];
  const written: Buffer[] = [];
  let closed = false;
  const connection = new SpdyConnection(
    {
      write: (bytes) => written.push(Buffer.from(bytes)),
      close: () => {
        closed = true;
      },
    },
    (stream) => {
      streams.push(stream);
      stream.onData((bytes) => stream.write(bytes));
      stream.onEnd(() => stream.end());
    },
  );
  return { connection, streams, written, isClosed: () => closed };
}

/** SYN_STREAM for stream 1, data that is sent back, and the end. */
async function conversation(): Promise<Buffer> {
  const syn = await new HeaderCompressor(9).open(1, { streamtype: "data" });
  return Buffer.concat([
    syn,
    dataFrame(1, "hello"),
    dataFrame(1, "", fin),
    controlFrame(6, uint32(7)),
  ]);
}

describe("a SPDY connection", () => {
  it("opens streams and carries data both ways, in whatever pieces it comes", async () => {
    const bytes = await conversation();
    for (const size of [1, 7, bytes.length]) {
      const { connection, streams, written } = peer();
      for (let at = 0; at < bytes.length; at += size)
        connection.receive(bytes.subarray(at, at + size));
      assert.equal(streams[0]?.headers.get("streamtype"), "data");
      const answer = Buffer.concat(written);
      const reply = new HeaderWriter().write(new Map());
      assert.deepEqual(
        answer,
        Buffer.concat([
          controlFrame(2, Buffer.concat([uint32(1), reply])),
          dataFrame(1, "hello"),
          dataFrame(1, "", fin),
          controlFrame(6, uint32(7)),
        ]),
      );
    }
  });

  it("says goodbye when it is closed, once", async () => {
    const { connection, written, isClosed } = peer();
    connection.receive(await conversation());
    written.length = 0;
    connection.close();
    connection.close();
    assert.deepEqual(
      Buffer.concat(written),
      controlFrame(7, Buffer.concat([uint32(1), uint32(0)])),
    );
    assert.ok(isClosed());
  });

  it("ends its streams when the client goes away", async () => {
    const { connection, streams, written } = peer();
    connection.receive((await conversation()).subarray(0, -8));
    connection.lost();
    written.length = 0;
    streams[0]?.write(Buffer.from("late"));
    assert.equal(written.length, 0);
  });

  it("is lost to a client that sends rubbish, and never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (pieces) => {
        const { connection } = peer();
        for (const piece of pieces) connection.receive(piece);
        connection.receive(Buffer.from([0x80, 3, 0, 1, 0, 0, 0, 2, 1, 2]));
        connection.lost();
      }),
    );
  });
});
