// Questions and answers of DNS as bytes. Names are written in full; pointers are read.
// Source: RFC 1035 section 4, RFC 2782 for SRV, RFC 3596 for AAAA.
import ipaddr from "ipaddr.js";
import { concatBytes, latin1Text } from "../../../base/bytes.ts";
import { utf8Bytes } from "../../../base/utf8.ts";
import type { DnsRecord, DnsStatus, DnsType } from "./dnsRecord.ts";

export interface DnsMessage {
  readonly id: number;
  readonly isAnswer: boolean;
  readonly isAuthoritative: boolean;
  readonly isRecursionDesired: boolean;
  readonly isRecursionAvailable: boolean;
  readonly status: DnsStatus;
  readonly question: { readonly name: string; readonly type: DnsType };
  readonly records: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
}

const typeNumbers: Readonly<Record<DnsType, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  ANY: 255,
};
const typeNames = new Map(
  Object.entries(typeNumbers).map(([name, number]) => [number, name as DnsType]),
);
const statuses: readonly DnsStatus[] = [
  "NOERROR",
  "FORMERR",
  "SERVFAIL",
  "NXDOMAIN",
  "NOTIMP",
  "REFUSED",
];
const internet = 1;

/** A query as resolvers send it. */
export function encodeQuery(id: number, name: string, type: DnsType): Uint8Array {
  return encodeMessage({
    id,
    isAnswer: false,
    isAuthoritative: false,
    isRecursionDesired: true,
    isRecursionAvailable: false,
    status: "NOERROR",
    question: { name, type },
    records: [],
    authority: [],
  });
}

export function encodeMessage(message: DnsMessage): Uint8Array {
  const { id, question, records, authority } = message;
  const flags =
    (message.isAnswer ? 0x8000 : 0) |
    (message.isAuthoritative ? 0x0400 : 0) |
    (message.isRecursionDesired ? 0x0100 : 0) |
    (message.isRecursionAvailable ? 0x0080 : 0) |
    statuses.indexOf(message.status);
  return concatBytes([
    ...[id, flags, 1, records.length, authority.length, 0].map(short),
    nameBytes(question.name),
    short(typeNumbers[question.type]),
    short(internet),
    ...[...records, ...authority].map(recordBytes),
  ]);
}

/** Undefined if the bytes are no message with one question. */
export function decodeMessage(bytes: Uint8Array): DnsMessage | undefined {
  const reader = new Reader(bytes);
  const [id, flags, questions, answers, authorities] = [0, 1, 2, 3, 4].map(() => reader.short());
  reader.short();
  const name = reader.name();
  const type = typeNames.get(reader.short());
  reader.short();
  if (reader.isBroken || questions !== 1 || type === undefined || flags === undefined)
    return undefined;
  const records = reader.records(answers ?? 0);
  const authority = reader.records(authorities ?? 0);
  if (reader.isBroken) return undefined;
  return {
    id: id ?? 0,
    isAnswer: (flags & 0x8000) !== 0,
    isAuthoritative: (flags & 0x0400) !== 0,
    isRecursionDesired: (flags & 0x0100) !== 0,
    isRecursionAvailable: (flags & 0x0080) !== 0,
    status: statuses[flags & 0xf] ?? "SERVFAIL",
    question: { name, type },
    records,
    authority,
  };
}

function short(value: number): Uint8Array {
  return Uint8Array.of((value >> 8) & 0xff, value & 0xff);
}

function long(value: number): Uint8Array {
  return concatBytes([short(value >>> 16), short(value & 0xffff)]);
}

function nameBytes(name: string): Uint8Array {
  const labels = name.split(".").filter((label) => label !== "");
  return concatBytes([
    ...labels.map((label) => {
      const bytes = utf8Bytes(label).subarray(0, 63);
      return concatBytes([Uint8Array.of(bytes.length), bytes]);
    }),
    Uint8Array.of(0),
  ]);
}

function recordBytes({ name, type, ttlSeconds, data }: DnsRecord): Uint8Array {
  const body = dataBytes(type, data);
  return concatBytes([
    nameBytes(name),
    short(typeNumbers[type]),
    short(internet),
    long(ttlSeconds),
    short(body.length),
    body,
  ]);
}

function dataBytes(type: DnsType, data: string): Uint8Array {
  const words = data.split(" ");
  const last = words.at(-1) ?? "";
  if (type === "A" || type === "AAAA") return Uint8Array.from(ipaddr.parse(data).toByteArray());
  if (type === "SRV" || type === "MX")
    return concatBytes([...words.slice(0, -1).map((word) => short(Number(word))), nameBytes(last)]);
  if (type === "TXT") {
    const text = utf8Bytes(data).subarray(0, 255);
    return concatBytes([Uint8Array.of(text.length), text]);
  }
  if (type === "SOA") {
    const [server = "", mail = "", ...numbers] = words;
    return concatBytes([
      nameBytes(server),
      nameBytes(mail),
      ...numbers.map((word) => long(Number(word))),
    ]);
  }
  return nameBytes(data);
}

class Reader {
  private at = 0;
  /** It was asked for more than there is. */
  isBroken = false;

  constructor(private readonly bytes: Uint8Array) {}

  short(): number {
    return this.byte() * 256 + this.byte();
  }

  /** With a final dot; "." alone for the root. */
  name(): string {
    const labels: string[] = [];
    let resumeAt: number | undefined;
    for (let jumps = 0; jumps < 20 && !this.isBroken; ) {
      const length = this.byte();
      if (length === 0) break;
      if (length < 0xc0) labels.push(latin1Text(this.take(length)));
      else {
        const target = (length & 0x3f) * 256 + this.byte();
        resumeAt ??= this.at;
        this.at = target;
        jumps++;
      }
    }
    this.at = resumeAt ?? this.at;
    return `${labels.join(".")}.`;
  }

  records(count: number): readonly DnsRecord[] {
    return Array.from({ length: this.isBroken ? 0 : count }, () => {
      const name = this.name();
      const type = typeNames.get(this.short());
      this.short();
      const ttlSeconds = this.long();
      const end = this.short() + this.at;
      const data = type ? this.data(type, end) : "";
      this.at = end;
      return type ? [{ name, type, ttlSeconds, data }] : [];
    }).flat();
  }

  private data(type: DnsType, end: number): string {
    if (type === "A") return [...this.take(4)].join(".");
    if (type === "AAAA") return new ipaddr.IPv6([...this.take(16)]).toString();
    if (type === "SRV") return `${this.short()} ${this.short()} ${this.short()} ${this.name()}`;
    if (type === "MX") return `${this.short()} ${this.name()}`;
    if (type === "TXT") return latin1Text(this.take(this.byte()));
    if (type !== "SOA") return this.name();
    const names = `${this.name()} ${this.name()}`;
    const numbers: number[] = [];
    while (this.at + 4 <= end) numbers.push(this.long());
    return `${names} ${numbers.join(" ")}`;
  }

  private long(): number {
    return this.short() * 65_536 + this.short();
  }

  private byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) this.isBroken = true;
    return value ?? 0;
  }

  private take(length: number): Uint8Array {
    const taken = this.bytes.subarray(this.at, this.at + length);
    this.isBroken ||= taken.length < length;
    this.at += length;
    return taken;
  }
}
