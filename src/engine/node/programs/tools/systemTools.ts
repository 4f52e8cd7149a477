// Programs that tell about the container and its machine: env, id, hostname, uname, nproc, date, getent,
// free, uptime, mount.
import { hour, minute, second } from "../../../../base/time.ts";
import type { Steps } from "../../steps.ts";
import { formatDate, parseDate } from "../dates.ts";
import { groupId, groupName, userId, userName } from "./accounts.ts";
import { splitLines, type Tool, type Tools } from "./tool.ts";

export const systemTools = {
  env,
  printenv,
  id,
  whoami,
  hostname,
  uname,
  arch: (tool) => print(tool, "x86_64\n"),
  nproc: (tool) => print(tool, `${processors(tool)}\n`),
  date,
  getent,
  free,
  uptime,
  mount,
} satisfies Tools;

function* print(tool: Tool, text: string): Steps<number> {
  yield* tool.write(text);
  return 0;
}

function* env(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, all, operands } = tool.options(args, "iu:0", {
    usage: "[-i0] [-u NAME]... [-] [NAME=VALUE]... [PROG ARGS]",
    stopsAtOperand: true,
    status: tool.isBusybox ? 1 : 125,
    long: { "ignore-environment": "i", "unset=": "u" },
  });
  const isEmpty = options.has("i") || operands[0] === "-";
  const words = operands[0] === "-" ? operands.slice(1) : operands;
  const values = new Map(isEmpty ? [] : tool.process.env);
  for (const name of all.get("u") ?? []) values.delete(name);
  const at = words.findIndex((word) => !word.includes("="));
  for (const word of at < 0 ? words : words.slice(0, at)) {
    const equals = word.indexOf("=");
    values.set(word.slice(0, equals), word.slice(equals + 1));
  }
  if (at >= 0) return yield* runWith(tool, words.slice(at), values);
  const end = options.has("0") ? "\0" : "\n";
  yield* tool.write([...values].map(([name, value]) => `${name}=${value}${end}`).join(""));
  return 0;
}

function* runWith(
  tool: Tool,
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
): Steps<number> {
  const [name = ""] = argv;
  const program = tool.process.find(name);
  if (program) return yield* tool.process.spawn(program, { argv, env }).wait();
  tool.complain(
    tool.isBusybox
      ? `can't execute '${name}': No such file or directory`
      : `'${name}': No such file or directory`,
  );
  return 127;
}

function* printenv(tool: Tool, names: readonly string[]): Steps<number> {
  const { env: values } = tool.process;
  if (names.length === 0)
    return yield* print(tool, [...values].map(([name, value]) => `${name}=${value}\n`).join(""));
  const found = names.flatMap((name) => values.get(name) ?? []);
  yield* tool.write(found.map((value) => `${value}\n`).join(""));
  return found.length === names.length ? 0 : 1;
}

function* id(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "ugGnr", { usage: "[-ugGnr] [USER]" });
  const [name] = operands;
  const own = tool.process.user;
  const uid = name === undefined ? own.uid : userId(tool, name);
  if (uid === undefined)
    return tool.fail(tool.isBusybox ? `unknown user ${name}` : `'${name}': no such user`);
  const gid = name === undefined ? own.gid : (groupId(tool, name) ?? uid);
  const groups = name === undefined ? [...new Set([gid, ...own.groups])] : [gid];
  const isNamed = options.has("n");
  const user = userName(tool, uid);
  const named = (group: number) => groupName(tool, group);
  if (options.has("u")) return yield* print(tool, `${isNamed ? (user ?? uid) : uid}\n`);
  const shown = (group: number) => (isNamed ? (named(group) ?? String(group)) : String(group));
  if (options.has("g")) return yield* print(tool, `${shown(gid)}\n`);
  if (options.has("G")) return yield* print(tool, `${groups.map(shown).join(" ")}\n`);
  const both = (number: number, text: string | undefined) =>
    `${number}${text === undefined ? "" : `(${text})`}`;
  const all = groups.map((group) => both(group, named(group))).join(",");
  const hasList = !tool.isBusybox || groups.length > 1 || own.uid === 0;
  return yield* print(
    tool,
    `uid=${both(uid, user)} gid=${both(gid, named(gid))}${hasList ? ` groups=${all}` : ""}\n`,
  );
}

function* whoami(tool: Tool): Steps<number> {
  const { uid } = tool.process.user;
  const name = userName(tool, uid);
  if (name !== undefined) return yield* print(tool, `${name}\n`);
  return tool.fail(tool.isBusybox ? `unknown uid ${uid}` : `cannot find name for user ID ${uid}`);
}

function* hostname(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "sidfI", {
    usage: "[-sidf] [HOSTNAME | -F FILE]",
    long: { "ip-address": "i", fqdn: "f", "all-ip-addresses": "I", domain: "d", short: "s" },
  });
  const { hostname: name, network } = tool.process;
  if (operands.length > 0)
    return tool.fail(
      tool.isBusybox
        ? "sethostname: Operation not permitted"
        : "you must be root to change the host name",
    );
  if (options.has("i") || options.has("I")) {
    const end = options.has("I") ? " \n" : "\n";
    return yield* print(tool, network.addresses.join(" ") + end);
  }
  if (options.has("s")) return yield* print(tool, `${name.split(".")[0]}\n`);
  const full = fullName(tool, name);
  if (options.has("f")) return yield* print(tool, `${full}\n`);
  if (options.has("d")) return yield* print(tool, `${full.slice(name.length + 1)}\n`);
  return yield* print(tool, `${name}\n`);
}

/** The first name that /etc/hosts has for the host. */
function fullName(tool: Tool, name: string): string {
  if (!tool.files.exists("/etc/hosts")) return name;
  const rows = splitLines(tool.files.readText("/etc/hosts")).map((line) => line.split(/\s+/));
  return rows.find(([, ...names]) => names.includes(name))?.[1] ?? name;
}

const kernel = "6.8.0-45-generic";

function* uname(tool: Tool, args: readonly string[]): Steps<number> {
  const { options } = tool.options(args, "amnrspvio", { usage: "[-amnrspvio]" });
  const parts = [
    ["s", "Linux"],
    ["n", tool.process.hostname],
    ["r", kernel],
    ["v", "#45-Ubuntu SMP PREEMPT_DYNAMIC"],
    ["m", "x86_64"],
    ["o", "GNU/Linux"],
  ] as const;
  const chosen = parts.filter(([letter]) => options.has("a") || options.has(letter));
  const shown = chosen.length === 0 ? parts.slice(0, 1) : chosen;
  return yield* print(tool, `${shown.map(([, text]) => text).join(" ")}\n`);
}

/** As many as /proc/cpuinfo tells of; four where there is none. */
function processors(tool: Tool): number {
  if (!tool.files.exists("/proc/cpuinfo")) return 4;
  return tool.files.readText("/proc/cpuinfo").match(/^processor/gm)?.length ?? 4;
}

function* date(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "uRs:d:r:D:I", {
    usage: "[OPTIONS] [+FMT] [[-s] TIME]",
    long: {
      utc: "u",
      "date=": "d",
      "iso-8601=": "i",
      "iso-8601": "I",
      "rfc-3339=": "3",
      "rfc-email": "R",
    },
  });
  const now = tool.process.now();
  const text = options.get("d");
  const file = options.get("r");
  const at =
    text !== undefined
      ? parseDate(text, now)
      : file !== undefined
        ? (tool.stat(file)?.modifiedAt ?? now)
        : now;
  if (at === undefined)
    return tool.fail(tool.isBusybox ? `invalid date '${text}'` : `invalid date '${text}'`);
  if (options.has("s"))
    return tool.fail(
      tool.isBusybox
        ? "can't set date: Operation not permitted"
        : "cannot set date: Operation not permitted",
    );
  const format = operands.find((one) => one.startsWith("+"))?.slice(1) ?? defaultFormat(options);
  return yield* print(tool, `${formatDate(at, format)}\n`);
}

function defaultFormat(options: ReadonlyMap<string, string>): string {
  if (options.has("R")) return "%a, %d %b %Y %H:%M:%S %z";
  if (options.has("3")) return "%Y-%m-%d %H:%M:%S+00:00";
  const precision = options.get("i") ?? (options.has("I") ? "date" : undefined);
  if (precision === undefined) return "%a %b %e %H:%M:%S %Z %Y";
  return precision === "date" || precision === "" ? "%Y-%m-%d" : "%Y-%m-%dT%H:%M:%S%:z";
}

function* getent(tool: Tool, [database = "", ...keys]: readonly string[]): Steps<number> {
  if (database === "hosts" || database === "ahosts" || database === "ahostsv4") {
    let status = 0;
    for (const key of keys) {
      const found = yield* tool.process.network.lookup(key);
      if ("failure" in found) status = 2;
      else
        for (const address of found.slice(0, database === "hosts" ? 1 : undefined))
          yield* tool.write(`${address.padEnd(15)} ${key}\n`);
    }
    return status;
  }
  const file = `/etc/${database}`;
  if (!["passwd", "group", "services", "protocols"].includes(database) || !tool.files.exists(file))
    return tool.fail(`Unknown database: ${database}`);
  const rows = splitLines(tool.files.readText(file));
  const found = rows.filter((row) => {
    const [name, , number] = row.split(":");
    return keys.length === 0 || keys.includes(name ?? "") || keys.includes(number ?? "");
  });
  yield* tool.write(found.map((row) => `${row}\n`).join(""));
  return found.length > 0 ? 0 : 2;
}

/** A simulated node's memory, in KiB. */
const memoryTotal = 8_149_796;

function* free(tool: Tool, args: readonly string[]): Steps<number> {
  const { options } = tool.options(args, "bkmgh", { usage: "[-bkmgh]" });
  const used =
    tool.process.processes.list().reduce((sum, { usage }) => sum + usage.memoryBytes, 0) / 1_024;
  const unit = options.has("b")
    ? 1 / 1_024
    : options.has("m")
      ? 1_024
      : options.has("g")
        ? 1 << 20
        : 1;
  const shown = (size: number) => String(Math.floor(size / unit)).padStart(11);
  const title = ["total", "used", "free", "shared", "buff/cache", "available"].map((one) =>
    one.padStart(11),
  );
  const rest = memoryTotal - used;
  const row = [memoryTotal, used, rest, 0, 0, rest].map(shown);
  return yield* print(
    tool,
    `      ${title.join(" ")}\nMem:  ${row.join(" ")}\nSwap: ${[0, 0, 0].map(shown).join(" ")}\n`,
  );
}

function* uptime(tool: Tool): Steps<number> {
  const now = tool.process.now();
  const started = tool.process.processes.list()[0]?.startedAt ?? now;
  const span = now - started;
  const hours = Math.floor(span / hour);
  const minutes = Math.floor(span / minute) % 60;
  const up = hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}` : `${minutes} min`;
  return yield* print(
    tool,
    ` ${formatDate(Math.floor(now / second) * second, "%H:%M:%S")} up ${up},  load average: 0.00, 0.00, 0.00\n`,
  );
}

function* mount(tool: Tool, args: readonly string[]): Steps<number> {
  if (args.length > 0)
    return tool.fail(
      tool.isBusybox ? "permission denied (are you root?)" : "permission denied.",
      1,
    );
  const rows = tool.files
    .listMounts()
    .map(
      ({ path, tree, isReadOnly }) =>
        `${tree.type} on ${path} type ${tree.type} (${isReadOnly ? "ro" : "rw"},relatime)\n`,
    );
  return yield* print(tool, rows.join(""));
}
