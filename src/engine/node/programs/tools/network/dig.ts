// dig and host, as bind 9.18 has them.

import { second } from "../../../../../base/time.ts";
import type { DnsAnswer, DnsRecord, DnsType } from "../../../../network/dns/dnsRecord.ts";
import type { Steps } from "../../../steps.ts";
import { formatDate } from "../../dates.ts";
import type { Tool } from "../tool.ts";
import { isAddress, reverseName, withoutDot } from "./names.ts";

interface Question {
  readonly name: string;
  readonly type: DnsType;
  readonly server: string | undefined;
  readonly flags: ReadonlySet<string>;
  readonly timeoutMs: number | undefined;
}

const types = /^(?:A|AAAA|CNAME|SRV|PTR|TXT|NS|SOA|MX|ANY)$/i;

export function* dig(tool: Tool, args: readonly string[]): Steps<number> {
  const question = readQuestion(args);
  const { flags } = question;
  const startedAt = tool.process.now();
  const answer = yield* ask(tool, question);
  const elapsed = tool.process.now() - startedAt;
  if (answer.status === "TIMEOUT" || answer.status === "UNREACHABLE") {
    const { address, port } = answer.server;
    const reason = answer.status === "TIMEOUT" ? "timed out" : "connection refused";
    if (answer.status === "UNREACHABLE")
      yield* tool.write(`;; communications error to ${address}#${port}: ${reason}\n`);
    yield* tool.write(`${banner(args)};; no servers could be reached\n\n`.replace(/^\n/, ""));
    return 9;
  }
  if (flags.has("short")) {
    yield* tool.write(answer.records.map(({ data }) => `${data}\n`).join(""));
    return 0;
  }
  yield* tool.write(report(tool, answer, question, args, elapsed));
  return 0;
}

function* ask(tool: Tool, { name, type, server, flags, timeoutMs }: Question): Steps<DnsAnswer> {
  const { network } = tool.process;
  if (flags.has("search")) return yield* network.resolve(name, type);
  return yield* network.query({
    name: name.endsWith(".") ? name : `${name}.`,
    type,
    ...(server === undefined ? {} : { server: { address: server, port: 53 } }),
    ...(flags.has("tcp") ? { protocol: "TCP" as const } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

function readQuestion(args: readonly string[]): Question {
  const flags = flagsIn(args);
  const time = args.map((arg) => /^\+time=(\d+)$/.exec(arg)?.[1]).find((one) => one !== undefined);
  const server = args.find((arg) => arg.startsWith("@"))?.slice(1);
  const timeoutMs = time === undefined ? undefined : Number(time) * second;
  const words = args.filter((arg) => !/^[+@]/.test(arg) && !/^IN$/i.test(arg));
  const reversed = words[words.indexOf("-x") + 1];
  if (words.includes("-x") && reversed !== undefined)
    return { name: reverseName(reversed), type: "PTR", server, flags, timeoutMs };
  const plain = words.filter((word) => !word.startsWith("-"));
  const type = plain.find((word) => types.test(word))?.toUpperCase() ?? "A";
  const name = plain.find((word) => !types.test(word)) ?? ".";
  return { name, type: type as DnsType, server, flags, timeoutMs };
}

/** "+short", "+noanswer"; "+noall" turns all sections off, what follows turns some on. */
function flagsIn(args: readonly string[]): ReadonlySet<string> {
  const names = args.flatMap((arg) => /^\+([a-z]+)/i.exec(arg)?.[1]?.toLowerCase() ?? []);
  return new Set(names.map((name) => (name === "noall" ? "none" : name)));
}

function banner(args: readonly string[]): string {
  return `\n; <<>> DiG 9.18.28 <<>> ${args.join(" ")}\n;; global options: +cmd\n`;
}

function report(
  tool: Tool,
  answer: DnsAnswer,
  { flags, type, name }: Question,
  args: readonly string[],
  elapsedMs: number,
): string {
  const isShown = (section: string) =>
    flags.has(section) || !(flags.has("none") || flags.has(`no${section}`));
  const asked = answer.question.name.endsWith(".")
    ? answer.question.name
    : `${answer.question.name || name}.`;
  const { records, authority } = answer;
  const section = (title: string, rows: readonly string[]) =>
    rows.length === 0
      ? ""
      : `${isShown("comments") ? `;; ${title} SECTION:\n` : ""}${rows.join("")}${isShown("comments") || isShown("stats") ? "\n" : ""}`;
  const parts = [
    isShown("cmd") && !flags.has("none") ? banner(args) : "",
    isShown("comments") ? header(answer) : "",
    isShown("question")
      ? section("QUESTION", [`${padded([`;${asked}`, "", "IN", type], [24, 24, 32, 40])}\n`])
      : "",
    isShown("answer") ? section("ANSWER", records.map(recordLine)) : "",
    isShown("authority") ? section("AUTHORITY", authority.map(recordLine)) : "",
    isShown("stats") ? stats(tool, answer, elapsedMs) : "",
  ];
  return parts.join("");
}

function header(answer: DnsAnswer): string {
  const flags = [
    "qr",
    ...(answer.isAuthoritative ? ["aa"] : []),
    "rd",
    ...(answer.isRecursionAvailable ? ["ra"] : []),
  ];
  const counts = `QUERY: 1, ANSWER: ${answer.records.length}, AUTHORITY: ${answer.authority.length}, ADDITIONAL: 1`;
  return `;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: ${answer.status}, id: ${answer.id}\n;; flags: ${flags.join(" ")}; ${counts}\n\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n`;
}

function stats(tool: Tool, { server, records }: DnsAnswer, elapsedMs: number): string {
  const when = formatDate(tool.process.now(), "%a %b %d %H:%M:%S UTC %Y");
  const size =
    40 + records.reduce((sum, { name, data }) => sum + name.length + data.length + 10, 0);
  return `;; Query time: ${elapsedMs} msec\n;; SERVER: ${server.address}#${server.port}(${server.address}) (UDP)\n;; WHEN: ${when}\n;; MSG SIZE  rcvd: ${size}\n\n`;
}

function recordLine({ name, ttlSeconds, type, data }: DnsRecord): string {
  return `${padded([name, String(ttlSeconds), "IN", type, data], [24, 32, 40, 48])}\n`;
}

/** Tabs up to each column, or one space where the text is there already. */
function padded(cells: readonly string[], stops: readonly number[]): string {
  let text = "";
  let column = 0;
  for (const [i, cell] of cells.entries()) {
    text += cell;
    column += cell.length;
    const stop = stops[i];
    if (stop === undefined || i === cells.length - 1) continue;
    if (column >= stop && cells[i + 1] !== "") {
      text += " ";
      column++;
    }
    for (; column < stop; column = (Math.floor(column / 8) + 1) * 8) text += "\t";
  }
  return text;
}

export function* host(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "t:W:v4a", { usage: "[-t TYPE] NAME [SERVER]" });
  const [name = "", server] = operands;
  const asked = isAddress(name) ? reverseName(name) : name;
  const type = (options.get("t")?.toUpperCase() ?? (isAddress(name) ? "PTR" : "A")) as DnsType;
  const { network } = tool.process;
  const answer =
    server === undefined && !isAddress(name)
      ? yield* network.resolve(asked, type)
      : yield* network.query({
          name: asked,
          type,
          ...(server === undefined ? {} : { server: { address: server, port: 53 } }),
        });
  if (answer.status === "TIMEOUT" || answer.status === "UNREACHABLE") {
    yield* tool.write(";; connection timed out; no servers could be reached\n");
    return 1;
  }
  if (answer.status !== "NOERROR") {
    const code = answer.status === "NXDOMAIN" ? 3 : answer.status === "SERVFAIL" ? 2 : 5;
    yield* tool.write(`Host ${withoutDot(asked)} not found: ${code}(${answer.status})\n`);
    return 1;
  }
  if (answer.records.length === 0)
    yield* tool.write(`${withoutDot(asked)} has no ${type} record\n`);
  for (const record of answer.records) yield* tool.write(`${sentence(record)}\n`);
  return answer.records.length > 0 ? 0 : 1;
}

function sentence({ name, type, data }: DnsRecord): string {
  const owner = withoutDot(name);
  switch (type) {
    case "A":
      return `${owner} has address ${data}`;
    case "AAAA":
      return `${owner} has IPv6 address ${data}`;
    case "CNAME":
      return `${owner} is an alias for ${data}`;
    case "PTR":
      return `${owner} domain name pointer ${data}`;
    case "SRV":
      return `${owner} has SRV record ${data}`;
    default:
      return `${owner} ${type} ${data}`;
  }
}
