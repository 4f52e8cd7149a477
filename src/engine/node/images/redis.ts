// Redis, small: strings, counters, lists of keys, over its own protocol, and redis-cli.
// Source: RESP2 (redis.io/docs/reference/protocol-spec), redis-cli of 7.4.
import { utf8Bytes } from "../../../base/utf8.ts";
import { type Connection, isNetworkFailure } from "../../network/containerNetwork.ts";
import { textOf } from "../process/byteText.ts";
import type { Executable, ProcessContext } from "../process/process.ts";
import { serveConnections } from "../process/serveConnections.ts";
import { untilSignal } from "../process/untilSignal.ts";
import { pause, type Steps } from "../steps.ts";
import { logClock } from "./httpDate.ts";

const version = "7.4.5";
const startMs = 250;
const stopMs = 30;
const idle = { cpuMillis: 3, memoryBytes: 4 * 2 ** 20 };
const defaultPort = 6_379;

export const redisServer: Executable = function* (process) {
  const at = process.argv.indexOf("--port");
  const port = at < 0 ? defaultPort : Number(process.argv[at + 1]);
  say(process, "* oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo");
  say(
    process,
    `* Redis version=${version}, bits=64, commit=00000000, modified=0, pid=1, just started`,
  );
  yield pause(startMs, "redis starts");
  process.use(idle);
  const data = new Map<string, string>();
  serveConnections(process, port, (connection) => converse(connection, data));
  say(process, `* Running mode=standalone, port=${port}.`);
  say(process, "* Server initialized");
  say(process, "* Ready to accept connections tcp");
  yield* untilSignal(process);
  say(process, "# User requested shutdown...");
  yield pause(stopMs, "redis stops");
  say(process, "# Redis is now ready to exit, bye bye...");
  return 0;
};

function say(process: ProcessContext, text: string): void {
  process.stdout.write(`${process.pid}:M ${logClock(process.now())} ${text}\n`);
}

function* converse(connection: Connection, data: Map<string, string>): Steps {
  let pending = "";
  for (let bytes = yield* connection.read(); bytes; bytes = yield* connection.read()) {
    pending += textOf(bytes);
    for (let read = readCommand(pending); read; read = readCommand(pending)) {
      pending = pending.slice(read.length);
      const [name = "", ...args] = read.words;
      connection.write(utf8Bytes(execute(name.toUpperCase(), args, data)));
      if (/^quit$/i.test(name)) return connection.close();
    }
  }
  connection.close();
}

/** An array of bulk strings, or words on a line; undefined if it is not complete. */
function readCommand(text: string): { words: readonly string[]; length: number } | undefined {
  const line = /^([^\r\n]*)\r?\n/.exec(text);
  if (!line) return undefined;
  if (!line[0].startsWith("*"))
    return { words: (line[1] ?? "").split(/\s+/).filter(Boolean), length: line[0].length };
  let at = line[0].length;
  const words: string[] = [];
  for (let left = Number(line[1]?.slice(1)); left > 0; left--) {
    const head = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (!head) return undefined;
    at += head[0].length;
    const size = Number(head[1]);
    if (text.length < at + size + 2) return undefined;
    words.push(text.slice(at, at + size));
    at += size + 2;
  }
  return { words, length: at };
}

type Command = (args: readonly string[], data: Map<string, string>) => string;

const commands: Readonly<Record<string, Command>> = {
  PING: ([text]) => (text === undefined ? simple("PONG") : bulk(text)),
  ECHO: ([text]) => bulk(text),
  QUIT: () => simple("OK"),
  SET([key = "", value = ""], data) {
    data.set(key, value);
    return simple("OK");
  },
  GET: ([key = ""], data) => bulk(data.get(key)),
  DEL: (keys, data) => integer(keys.filter((key) => data.delete(key)).length),
  EXISTS: (keys, data) => integer(keys.filter((key) => data.has(key)).length),
  INCR: ([key = ""], data) => add(key, 1, data),
  DECR: ([key = ""], data) => add(key, -1, data),
  INCRBY: ([key = "", by], data) => add(key, Number(by), data),
  APPEND([key = "", more = ""], data) {
    data.set(key, (data.get(key) ?? "") + more);
    return integer(data.get(key)?.length ?? 0);
  },
  KEYS: ([pattern = "*"], data) => array([...data.keys()].filter((key) => matches(pattern, key))),
  MGET: (keys, data) => `*${keys.length}\r\n${keys.map((key) => bulk(data.get(key))).join("")}`,
  DBSIZE: (_args, data) => integer(data.size),
  FLUSHALL(_args, data) {
    data.clear();
    return simple("OK");
  },
  INFO: () =>
    bulk(
      `# Server\r\nredis_version:${version}\r\nredis_mode:standalone\r\n# Replication\r\nrole:master\r\nconnected_slaves:0\r\n`,
    ),
  CONFIG: ([how = "", name = ""]) => (/^get$/i.test(how) ? array([name, ""]) : simple("OK")),
  COMMAND: () => array([]),
};

function execute(name: string, args: readonly string[], data: Map<string, string>): string {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command(args, data);
  const shown = args.map((arg) => `'${arg}' `).join("");
  return `-ERR unknown command '${name}', with args beginning with: ${shown}\r\n`;
}

function add(key: string, by: number, data: Map<string, string>): string {
  const value = Number(data.get(key) ?? 0) + by;
  if (!Number.isInteger(value)) return "-ERR value is not an integer or out of range\r\n";
  data.set(key, String(value));
  return integer(value);
}

function matches(pattern: string, key: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(key);
}

const simple = (text: string) => `+${text}\r\n`;
const integer = (value: number) => `:${value}\r\n`;
const bulk = (text: string | undefined) =>
  text === undefined ? "$-1\r\n" : `$${text.length}\r\n${text}\r\n`;
const array = (texts: readonly string[]) => `*${texts.length}\r\n${texts.map(bulk).join("")}`;

export const redisCli: Executable = function* (process) {
  const args = [...process.argv.slice(1)];
  let host = "127.0.0.1";
  let port = defaultPort;
  while (args[0]?.startsWith("-")) {
    const flag = args.shift();
    if (flag === "-h") host = args.shift() ?? host;
    else if (flag === "-p") port = Number(args.shift());
    else if (flag === "-a" || flag === "-n") args.shift();
  }
  const addresses = yield* process.network.lookup(host);
  const address = "length" in addresses ? (addresses[0] ?? "") : "";
  const connection = yield* process.network.connect({ address, port, protocol: "TCP" });
  if (isNetworkFailure(connection)) {
    process.stderr.write(`Could not connect to Redis at ${host}:${port}: Connection refused\n`);
    return 1;
  }
  const send = function* (words: readonly string[]): Steps {
    connection.write(utf8Bytes(array(words)));
    const answer = yield* connection.read();
    const isRaw = process.terminal === undefined;
    if (answer) process.stdout.write(`${shown(textOf(answer), isRaw)}\n`);
  };
  if (args.length > 0) yield* send(args);
  else yield* readCommands(process, `${host}:${port}> `, send);
  connection.close();
  return 0;
};

/** Without a command it takes one from each line of its input. */
function* readCommands(
  process: ProcessContext,
  prompt: string,
  send: (words: readonly string[]) => Steps,
): Steps {
  const ask = () => process.terminal && process.stdout.write(prompt);
  let pending = "";
  ask();
  for (let bytes = yield* process.stdin.read(); bytes; bytes = yield* process.stdin.read()) {
    const lines = (pending + textOf(bytes)).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) {
      const words = line.trim().split(/\s+/).filter(Boolean);
      if (/^(quit|exit)$/i.test(words[0] ?? "")) return;
      if (words.length > 0) yield* send(words);
      ask();
    }
  }
}

/** As redis-cli prints an answer; raw where its output is no terminal. */
function shown(answer: string, isRaw: boolean): string {
  const [first = "", ...rest] = answer.split("\r\n");
  const text = first.slice(1);
  switch (first[0]) {
    case "$":
      if (text === "-1") return isRaw ? "" : "(nil)";
      return isRaw
        ? rest.slice(0, -1).join("\r\n")
        : JSON.stringify(rest.slice(0, -1).join("\r\n"));
    case ":":
      return isRaw ? text : `(integer) ${text}`;
    case "-":
      return isRaw ? text : `(error) ${text}`;
    case "*": {
      const items = rest.filter((line) => line !== "" && !/^\$-?\d+$/.test(line));
      if (isRaw) return items.join("\n");
      return (
        items.map((item, i) => `${i + 1}) ${JSON.stringify(item)}`).join("\n") || "(empty array)"
      );
    }
    default:
      return text;
  }
}
