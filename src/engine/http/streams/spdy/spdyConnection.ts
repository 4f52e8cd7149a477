// The server's side of a SPDY/3.1 connection: streams that the client opens, over any carrier of bytes.
// Kubernetes' own implementation has no flow control; neither has this one.
// Source: SPDY Protocol, draft 3.1; moby/spdystream connection.go.
import { Emitter } from "../../../../base/emitter.ts";
import { concat, HeaderReader, HeaderWriter, type SpdyHeaders, uint32 } from "./headerBlock.ts";
import { InflateError } from "./inflate.ts";

const frame = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7, headers: 8 };
const version = 3;
const finFlag = 1;
const protocolError = 1;
/** The largest frame anyone sends is a few hundred kilobytes. */
const mostFrameBytes = 4 * 1024 * 1024;

export interface SpdyCarrier {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** A stream that the client has opened, and that goes both ways. */
export class SpdyStream {
  private readonly received = new Emitter<Uint8Array>();
  private readonly finished = new Emitter<void>();
  readonly onData = this.received.event;
  /** The client writes no more, or gave the stream up. */
  readonly onEnd = this.finished.event;
  private isOpen = true;
  private isFinished = false;

  constructor(
    readonly headers: SpdyHeaders,
    private readonly send: (bytes: Uint8Array, isLast: boolean) => void,
  ) {}

  /** Does nothing once the stream is ended. */
  write(bytes: Uint8Array): void {
    if (this.isOpen) this.send(bytes, false);
  }

  /** Tells the client that nothing more comes. */
  end(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.send(new Uint8Array(), true);
  }

  /** Neither side writes any more. */
  get isOver(): boolean {
    return !this.isOpen && this.isFinished;
  }

  receive(bytes: Uint8Array, isLast: boolean): void {
    if (this.isFinished) return;
    if (bytes.length > 0) this.received.fire(bytes);
    if (isLast) this.finish();
  }

  abandon(): void {
    this.isOpen = false;
    this.finish();
  }

  private finish(): void {
    if (this.isFinished) return;
    this.isFinished = true;
    this.finished.fire();
  }
}

export class SpdyConnection {
  private readonly streams = new Map<number, SpdyStream>();
  private readonly reader = new HeaderReader();
  private readonly writer = new HeaderWriter();
  private pending: Uint8Array = new Uint8Array();
  private isOver = false;
  private lastId = 0;

  /** `opened` is called for each stream, before its data. */
  constructor(
    private readonly carrier: SpdyCarrier,
    private readonly opened: (stream: SpdyStream) => void,
  ) {}

  /** Takes bytes as they come, frames in any pieces. A client that errs loses the connection. */
  receive(bytes: Uint8Array): void {
    if (this.isOver) return;
    this.pending = this.pending.length === 0 ? bytes : concat([this.pending, bytes]);
    try {
      while (this.readFrame());
    } catch (error) {
      if (!(error instanceof InflateError)) throw error;
      this.close(protocolError);
    }
  }

  /** Says goodbye, and that all is well unless told otherwise. */
  close(status = 0): void {
    if (this.isOver) return;
    this.control(frame.goAway, [uint32(this.lastId), uint32(status)]);
    this.lost();
    this.carrier.close();
  }

  /** The carrier is gone: streams end where they are. */
  lost(): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const stream of this.streams.values()) stream.abandon();
    this.streams.clear();
  }

  /** Handles the next frame; false if it is not complete. */
  private readFrame(): boolean {
    const { pending } = this;
    if (pending.length < 8 || this.isOver) return false;
    const view = new DataView(pending.buffer, pending.byteOffset, pending.length);
    const [head, sized] = [view.getUint32(0), view.getUint32(4)];
    const flags = sized >>> 24;
    const length = sized & 0xffffff;
    if (length > mostFrameBytes) throw new InflateError("the frame is too long");
    if (pending.length < 8 + length) return false;
    const payload = pending.slice(8, 8 + length);
    this.pending = pending.subarray(8 + length);
    if (head >>> 31 === 1) this.handle(head & 0xffff, flags, payload);
    else {
      this.streams.get(head)?.receive(payload, (flags & finFlag) !== 0);
      this.forgetOver(head);
    }
    return true;
  }

  private handle(type: number, flags: number, payload: Uint8Array): void {
    switch (type) {
      case frame.synStream:
        this.open(payload, (flags & finFlag) !== 0);
        break;
      case frame.headers:
        // What it says is of no use, but the next block is compressed against it.
        this.reader.read(payload.subarray(4));
        break;
      case frame.rstStream: {
        const id = idIn(payload);
        this.streams.get(id)?.abandon();
        this.streams.delete(id);
        break;
      }
      case frame.ping:
        this.control(frame.ping, [payload]);
        break;
      case frame.goAway:
        this.lost();
        this.carrier.close();
        break;
      default:
        break;
    }
  }

  private open(payload: Uint8Array, isLast: boolean): void {
    const id = idIn(payload);
    const headers = this.reader.read(payload.subarray(10));
    this.lastId = id;
    const stream = new SpdyStream(headers, (bytes, isEnd) => this.data(id, bytes, isEnd));
    this.streams.set(id, stream);
    this.control(frame.synReply, [uint32(id), this.writer.write(new Map())]);
    this.opened(stream);
    if (isLast) stream.receive(new Uint8Array(), true);
  }

  private data(id: number, bytes: Uint8Array, isLast: boolean): void {
    if (this.isOver) return;
    const sized = ((isLast ? finFlag : 0) << 24) | bytes.length;
    this.carrier.write(concat([uint32(id), uint32(sized), bytes]));
    if (isLast) this.forgetOver(id);
  }

  private forgetOver(id: number): void {
    if (this.streams.get(id)?.isOver) this.streams.delete(id);
  }

  private control(type: number, parts: readonly Uint8Array[]): void {
    const payload = concat(parts);
    const head = (((1 << 15) | version) << 16) | type;
    this.carrier.write(concat([uint32(head), uint32(payload.length), payload]));
  }
}

function idIn(payload: Uint8Array): number {
  if (payload.length < 4) throw new InflateError("the frame is cut off");
  return new DataView(payload.buffer, payload.byteOffset).getUint32(0) & 0x7fffffff;
}
