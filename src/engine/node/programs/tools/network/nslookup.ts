// nslookup: the one of bind, busybox' own since 1.29, and the small one before, which images of 1.28 have.
// Source: busybox networking/nslookup.c; bind 9.18 nslookup.
import type { DnsAnswer, DnsType } from "../../../../network/dns/dnsRecord.ts";
import type { Steps } from "../../../steps.ts";
import type { Tool } from "../tool.ts";
import { isAddress, reverseName, searchedNames, withoutDot } from "./names.ts";

export function nslookup(tool: Tool, args: readonly string[]): Steps<number> {
  const words = args.filter((arg) => !arg.startsWith("-"));
  const [name, server] = words;
  if (name === undefined) return tool.usage("[-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]");
  const option = args
    .map((arg) => /^-(?:query|type|q|ty)=(\w+)$/i.exec(arg)?.[1])
    .find((type) => type);
  const type = option?.toUpperCase() as DnsType | undefined;
  if (!tool.isBusybox) return bindLookup(tool, name, type, server);
  return tool.isOldBusybox ? oldLookup(tool, name) : busyboxLookup(tool, name, type, server);
}

const noServer = ";; connection timed out; no servers could be reached\n\n";

function isLost({ status }: DnsAnswer): boolean {
  return status === "TIMEOUT" || status === "UNREACHABLE";
}

function shownRecords({ records }: DnsAnswer): string {
  return records
    .map(({ name, type, data }) => {
      const owner = withoutDot(name);
      if (type === "A" || type === "AAAA") return `Name:\t${owner}\nAddress: ${data}\n`;
      if (type === "CNAME") return `${owner}\tcanonical name = ${withoutDot(data)}\n`;
      if (type === "PTR") return `${owner}\tname = ${withoutDot(data)}\n`;
      if (type === "SRV") return `${owner}\tservice = ${withoutDot(data)}\n`;
      if (type === "TXT") return `${owner}\ttext = ${data}\n`;
      return `${owner}\t${type.toLowerCase()} = ${withoutDot(data)}\n`;
    })
    .join("");
}

/** All names of the search list are asked for at once, each for both kinds of address. */
function* busyboxLookup(
  tool: Tool,
  name: string,
  type: DnsType | undefined,
  server: string | undefined,
): Steps<number> {
  const names = isAddress(name) ? [reverseName(name)] : searchedNames(tool, name);
  const types = isAddress(name) ? (["PTR"] as const) : type ? [type] : (["A", "AAAA"] as const);
  const answers: DnsAnswer[] = [];
  for (const each of names)
    for (const one of types)
      answers.push(
        yield* tool.process.network.query({ name: each, type: one, ...serverAt(server) }),
      );
  const [first] = answers;
  if (!first) return 1;
  if (answers.every(isLost)) {
    yield* tool.write(noServer);
    return 1;
  }
  yield* tool.write(`Server:\t\t${first.server.address}\nAddress:\t${first.server.address}:53\n\n`);
  let hasFound = false;
  for (const answer of answers) {
    const asked = withoutDot(answer.question.name);
    if (answer.status !== "NOERROR") {
      yield* tool.write(`** server can't find ${asked}: ${answer.status}\n\n`);
      continue;
    }
    hasFound ||= answer.records.length > 0;
    const title = answer.isAuthoritative ? "" : "Non-authoritative answer:\n";
    yield* tool.write(`${title}${shownRecords(answer)}\n`);
  }
  return hasFound && answers.every(({ status }) => status === "NOERROR") ? 0 : 1;
}

function serverAt(address: string | undefined) {
  return address === undefined ? {} : { server: { address, port: 53 } };
}

function* oldLookup(tool: Tool, name: string): Steps<number> {
  const { network } = tool.process;
  const answer = yield* network.resolve(name, "A");
  const { address } = answer.server;
  yield* tool.write(
    `Server:    ${address}\nAddress 1: ${address}${yield* nameOf(tool, address)}\n\n`,
  );
  const found = yield* network.lookup(name);
  if ("failure" in found) {
    const reason = found.failure === "tryAgain" ? ": Try again" : "";
    tool.complain(`can't resolve '${name}'${reason}`);
    return 1;
  }
  yield* tool.write(`Name:      ${name}\n`);
  for (const [i, each] of found.entries())
    yield* tool.write(`Address ${i + 1}: ${each}${yield* nameOf(tool, each)}\n`);
  return 0;
}

/** " web.default.svc.cluster.local", where the address has a name. */
function* nameOf(tool: Tool, address: string): Steps<string> {
  const { records } = yield* tool.process.network.query({
    name: reverseName(address),
    type: "PTR",
  });
  const [record] = records;
  return record ? ` ${withoutDot(record.data)}` : "";
}

function* bindLookup(
  tool: Tool,
  name: string,
  type: DnsType | undefined,
  server: string | undefined,
): Steps<number> {
  const { network } = tool.process;
  const answer =
    isAddress(name) || server !== undefined
      ? yield* network.query({
          name: isAddress(name) ? reverseName(name) : name,
          type: isAddress(name) ? "PTR" : (type ?? "A"),
          ...serverAt(server),
        })
      : yield* network.resolve(name, type ?? "A");
  if (isLost(answer)) {
    yield* tool.write(noServer);
    return 1;
  }
  const { address, port } = answer.server;
  if (!isAddress(name))
    yield* tool.write(`Server:\t\t${address}\nAddress:\t${address}#${port}\n\n`);
  if (answer.status !== "NOERROR") {
    yield* tool.write(
      `** server can't find ${withoutDot(answer.question.name)}: ${answer.status}\n\n`,
    );
    return 1;
  }
  if (answer.records.length === 0) {
    yield* tool.write(`*** Can't find ${name}: No answer\n\n`);
    return 1;
  }
  const title = answer.isAuthoritative ? "" : "Non-authoritative answer:\n";
  yield* tool.write(`${title}${shownRecords(answer).replace(/\tname = (.*)/g, "\tname = $1.")}\n`);
  return 0;
}
