// From an image and a container's command to the program that runs: shells are interpreted, well-known
// tools end as they do, anything else is the image's server.
import {
  amountOf,
  isQuantityError,
  milliValueOf,
  parseQuantity,
  wholeValueOf,
} from "../../api/quantity.ts";
import type { Container } from "../../api/types.ts";
import { second } from "../../base/time.ts";
import type { CatalogImage, ServerBehaviour } from "./catalogImage.ts";
import { busy, idleUsage } from "./idleUsage.ts";
import { type Program, type Server, type StopReaction, timelineProgram } from "./program.ts";
import {
  isInteractiveShell,
  isShell,
  runAtOnce,
  scriptOf,
  shellTimeline,
  trappedExit,
} from "./shell.ts";
import type { Happening } from "./timeline.ts";
import { type Usage, withinLimits } from "./usage.ts";

export interface ProgramConfig {
  /** Absent for an image that the catalog does not know. */
  readonly image?: CatalogImage;
  readonly container: Container;
  /** What the container's environment resolves to. */
  readonly env: Readonly<Record<string, string>>;
}

type Argv = readonly string[];

/** The program that a container of `config` runs. */
export function programFor(config: ProgramConfig): Program {
  const argv = commandLine(config);
  const program = timelineProgram(
    () => happenings(argv, config),
    (command, { files, isServing }) =>
      healthTool(command, isServing) ??
      runAtOnce(command, { env: config.env, files: new Set(files), isServing }),
    stopReaction(argv),
  );
  const limits = limitsOf(config);
  return {
    ...program,
    ...(readsScript(argv, config) ? { readsScript: true } : {}),
    usage: (at) => withinLimits(program.usage(at), limits),
  };
}

/** Whether the program is a shell that somebody may talk to. */
function readsScript(argv: Argv, { image, container }: ProgramConfig): boolean {
  if (!container.stdin) return false;
  if (isInteractiveShell(argv)) return true;
  return image?.behaviour.type === "shell" && isDefault(argv, image);
}

function limitsOf({ container: { resources } }: ProgramConfig): Partial<Usage> {
  const { cpu, memory } = resources?.limits ?? {};
  return {
    ...(cpu === undefined ? {} : { cpuMillis: milliValueOf(amountOf(cpu)) }),
    ...(memory === undefined ? {} : { memoryBytes: wholeValueOf(amountOf(memory)) }),
  };
}

/** ENTRYPOINT and CMD of the image as the container overrides them. */
function commandLine({ image, container: { command, args } }: ProgramConfig): Argv {
  const entrypoint = command ?? image?.entrypoint ?? [];
  const rest = args ?? (command ? [] : (image?.command ?? []));
  const [first = ""] = entrypoint;
  const isWrapper = /entrypoint\.sh$|^tini$|^dumb-init$|^(\/usr)?(\/s?bin\/)tini$/.test(first);
  if (!isWrapper) return [...entrypoint, ...rest];
  const wrapped = [...entrypoint.slice(1), ...rest].filter((word) => word !== "--");
  // The wrappers of official images pass flags on to the server.
  return wrapped[0]?.startsWith("-")
    ? [...(image?.command ?? []).slice(0, 1), ...wrapped]
    : wrapped;
}

function happenings(argv: Argv, config: ProgramConfig): Iterable<Happening> {
  const name = baseName(argv[0] ?? "");
  if (isShell(name)) return shellHappenings(argv, config);
  return command(argv, config) ?? once(argv, config);
}

/** A shell without a script reads standard input: it ends at once unless the container keeps it open. */
function shellHappenings(argv: Argv, config: ProgramConfig): Iterable<Happening> {
  const script = scriptOf(argv.slice(1));
  if (script === undefined) {
    if (argv.length > 1 && !argv[1]?.startsWith("-")) return server(config, argv);
    return config.container.stdin ? [forEver] : [exit(0)];
  }
  const world = {
    env: config.env,
    files: new Set<string>(),
    program: (inner: Argv) => command(inner, config),
  };
  return shellTimeline(script, world) ?? server(config, argv);
}

const forEver: Happening = { type: "sleep", span: Number.POSITIVE_INFINITY };

function exit(exitCode: number, reason?: string): Happening {
  return { type: "exit", exitCode, ...(reason === undefined ? {} : { reason }) };
}

/** A single builtin as the container's process: `sleep 5`, `echo hi`, `true`. */
function* once(argv: Argv, { env }: ProgramConfig): Generator<Happening> {
  const quoted = argv.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(" ");
  yield* shellTimeline(quoted, { env, files: new Set() }) ?? [exit(0)];
}

const builtinNames = new Set([
  "sleep",
  "true",
  "false",
  "echo",
  "printf",
  "cat",
  "ls",
  "tail",
  "touch",
  "test",
  "date",
  "[",
  "rm",
  "mkdir",
]);

/** Programs beside the shell's own; undefined for the builtins. */
function command(argv: Argv, config: ProgramConfig): Iterable<Happening> | undefined {
  const name = baseName(argv[0] ?? "");
  if (builtinNames.has(name) || isShell(name) || name === "exec" || name === "exit")
    return undefined;
  const tool = tools[name];
  if (tool) return tool(argv.slice(1), config);
  const { image, container } = config;
  if (image?.behaviour.type === "tool" && isDefault(argv, image)) {
    const { exitCode, lines = [] } = image.behaviour;
    return [...lines.map(line), exit(exitCode)];
  }
  if (image?.behaviour.type === "shell" && isDefault(argv, image))
    return container.stdin ? [forEver] : [exit(0)];
  return server(config, argv);
}

function isDefault(argv: Argv, { entrypoint = [], command = [] }: CatalogImage): boolean {
  const own = [...entrypoint, ...command];
  return argv.length <= own.length && argv.every((word) => own.includes(word));
}

type Tool = (args: Argv, config: ProgramConfig) => Iterable<Happening>;

const takesMoment: Happening = { type: "sleep", span: 120 };

const tools: Readonly<Record<string, Tool | undefined>> = Object.assign(Object.create(null), {
  stress: (args, config) => stress(args, config),
  perl: (args) => (args.join(" ").includes("bpi") ? computePi() : [takesMoment, exit(0)]),
  curl: (args) =>
    args.length === 0
      ? [line("curl: try 'curl --help' or 'curl --manual' for more information"), exit(2)]
      : [takesMoment, exit(0)],
  wget: () => [takesMoment, exit(0)],
  nslookup: () => [takesMoment, exit(0)],
  ping: (args) => (args.includes("-c") ? [takesMoment, exit(0)] : [forEver]),
  nc: (args) =>
    args.some((arg) => /^-\w*l/.test(arg))
      ? [serving(portsIn(args), false)]
      : [takesMoment, exit(0)],
  python: (args, config) => interpreter(args, config),
  python3: (args, config) => interpreter(args, config),
  node: (args, config) => interpreter(args, config),
  kubectl: () => [takesMoment, exit(0)],
  agnhost: (args, config) => agnhost(args, config),
  hostname: (_args, { env }) => [line(env.HOSTNAME ?? ""), exit(0)],
  env: (_args, { env }) => [
    ...Object.entries(env).map(([name, value]) => line(`${name}=${value}`)),
    exit(0),
  ],
  seq: (args) => [line(args.join(" ")), exit(0)],
} satisfies Record<string, Tool>);

function line(text: string): Happening {
  return { type: "line", text };
}

/** `python -m http.server 8080`, `python -c "..."`, `node server.js`. */
function interpreter(args: Argv, config: ProgramConfig): Iterable<Happening> {
  if (args.length === 0) return config.container.stdin ? [forEver] : [exit(0)];
  if (args[0] === "--version" || args[0] === "-V") return [exit(0)];
  if (args[0] === "-c" || args[0] === "-e") {
    const code = args[1] ?? "";
    const status = /\b(?:sys\.|process\.)?exit\((\d+)\)/.exec(code);
    if (/while True|http\.server|createServer|setInterval/.test(code))
      return [startUp(300), serving("any", true)];
    return [takesMoment, exit(status ? Number(status[1]) : /\braise\b|throw /.test(code) ? 1 : 0)];
  }
  if (args[0] === "-m" && args[1] === "http.server")
    return [startUp(200), serving([Number(args[2] ?? 8000)], true)];
  return [startUp(400), serving("any", true)];
}

/** Digits of π by brute force: the Job of the documentation. */
function computePi(): Iterable<Happening> {
  return [
    { type: "use", usage: busy },
    { type: "sleep", span: 4 * second },
    line("3.141592653589793238462643383279502884197169399375"),
    exit(0),
  ];
}

function agnhost(args: Argv, config: ProgramConfig): Iterable<Happening> {
  const [mode = "pause"] = args;
  if (mode === "pause") return [line("Paused"), serving([], false)];
  if (mode === "serve-hostname") return [startUp(40), serving(portsIn(args) ?? [9376], true)];
  if (mode === "liveness") return server(config, args);
  const { image } = config;
  if (image?.behaviour.type !== "server") return server(config, args);
  const { status: _none, ...healthy } = image.behaviour;
  return server({ ...config, image: { ...image, behaviour: healthy } }, args);
}

/** Takes the memory it is told to: more than the limit, and the kernel kills it. */
function stress(args: Argv, { container }: ProgramConfig): Iterable<Happening> {
  const asked = valueAfter(args, "--vm-bytes");
  const workers = Number(valueAfter(args, "--vm") ?? valueAfter(args, "-m") ?? 1);
  const limit = container.resources?.limits?.memory;
  const timeout = valueAfter(args, "--timeout") ?? valueAfter(args, "-t");
  const began = line("stress: info: [1] dispatching hogs");
  const bytes = asked === undefined ? 256 * 2 ** 20 : bytesOf(asked);
  if (limit !== undefined && (asked !== undefined || args.includes("--vm")))
    if (bytes * workers > wholeValueOf(amountOf(limit)))
      return [began, startUp(400), exit(137, "OOMKilled")];
  const uses: Happening = {
    type: "use",
    usage: stressUsage(args, asked === undefined ? undefined : bytes),
  };
  const span =
    timeout === undefined ? Number.POSITIVE_INFINITY : Number.parseFloat(timeout) * second;
  return [
    began,
    uses,
    { type: "sleep", span },
    line("stress: info: [1] successful run completed"),
    exit(0),
  ];
}

/** Each worker keeps a core busy; those of --vm take memory, too. */
function stressUsage(args: Argv, vmBytes = 256 * 2 ** 20): Usage {
  const count = (long: string, short: string): number =>
    Number(valueAfter(args, long) ?? valueAfter(args, short) ?? 0) || 0;
  const vm = count("--vm", "-m");
  const others = count("--cpu", "-c") + count("--io", "-i") + count("--hdd", "-d");
  return { cpuMillis: 1_000 * (vm + others), memoryBytes: 2 ** 20 + vm * vmBytes };
}

function bytesOf(text: string): number {
  const amount = parseQuantity(text.replace(/B$/, "").replace(/^(\d+)([KMG])$/, "$1$2i"));
  return isQuantityError(amount) ? 0 : wholeValueOf(amount);
}

function valueAfter(args: Argv, flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at < 0
    ? args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1)
    : args[at + 1];
}

/** The image's server, on its ports or those that the command names. */
function server({ image, env, container }: ProgramConfig, argv: Argv): Iterable<Happening> {
  if (image?.behaviour.type !== "server") {
    const ports = container.ports?.map(({ containerPort }) => containerPort) ?? [];
    const idle = idleUsage(image);
    const listens = ports.length > 0 && image ? ports : "any";
    return [startUp(300), { type: "serve", server: { ports: listens, isHttp: true, idle } }];
  }
  const { behaviour } = image;
  if (lacksSetting(behaviour, env))
    return [startUp(300), ...(behaviour.requires?.complaint ?? []).map(line), exit(1)];
  return [
    startUp(behaviour.startMs),
    ...(behaviour.lines ?? []).map(line),
    { type: "serve", server: { ...serverOf(behaviour, argv), idle: idleUsage(image) } },
  ];
}

function lacksSetting({ requires }: ServerBehaviour, env: ProgramConfig["env"]): boolean {
  return requires !== undefined && !requires.anyOf.some((name) => (env[name] ?? "") !== "");
}

function serverOf(behaviour: ServerBehaviour, argv: Argv): Server {
  const { isHttp = false, status, stopCode, stopMs = 20, portFlag } = behaviour;
  return {
    ports: (portFlag && portAfter(argv, portFlag)) ?? behaviour.ports,
    isHttp,
    ...(status ? { status } : {}),
    ...(stopCode === undefined ? {} : { onStop: { after: stopMs, exitCode: stopCode } }),
  };
}

function portAfter(argv: Argv, flag: RegExp): readonly number[] | undefined {
  for (const [i, word] of argv.entries()) {
    const match = flag.exec(word);
    const port = match && Number(match[1] ?? argv[i + 1]?.split(":").at(-1));
    if (port) return [port];
  }
  return undefined;
}

function portsIn(args: Argv): readonly number[] | undefined {
  const ports = args
    .flatMap((arg) => arg.split(/[=:]/))
    .map(Number)
    .filter((port) => port > 0);
  return ports.length > 0 ? ports : undefined;
}

function startUp(span: number): Happening {
  return { type: "sleep", span };
}

function serving(ports: Server["ports"] | undefined, isHttp: boolean): Happening {
  return { type: "serve", server: { ports: ports ?? "any", isHttp } };
}

/** A shell as PID 1 heeds SIGTERM only with a trap; servers say for themselves. */
function stopReaction(argv: Argv): StopReaction | undefined {
  if (!isShell(baseName(argv[0] ?? ""))) return undefined;
  const exitCode = trappedExit(scriptOf(argv.slice(1)) ?? "");
  return exitCode === undefined ? undefined : { after: 10, exitCode };
}

/** Commands that ask the server itself how it is. */
function healthTool(
  argv: Argv,
  isServing: boolean,
): { exitCode: number; output: string } | undefined {
  const name = baseName(argv[0] ?? "");
  const script = isShell(name) ? scriptOf(argv.slice(1)) : undefined;
  const asked = script === undefined ? name : baseName(script.trim().split(/\s+/)[0] ?? "");
  const complaint = healthTools[asked];
  if (complaint === undefined) return undefined;
  return isServing ? { exitCode: 0, output: "" } : { exitCode: 1, output: complaint };
}

const healthTools: Readonly<Record<string, string>> = {
  "redis-cli": "Could not connect to Redis at 127.0.0.1:6379: Connection refused",
  pg_isready: "/var/run/postgresql:5432 - no response",
  mysqladmin: "mysqladmin: connect to server at 'localhost' failed",
  "mariadb-admin": "mariadb-admin: connect to server at 'localhost' failed",
  mongosh: "MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017",
  curl: "curl: (7) Failed to connect to localhost: Could not connect to server",
  wget: "wget: can't connect to remote host (127.0.0.1): Connection refused",
  "rabbitmq-diagnostics": "Error: unable to perform an operation on node",
};

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
