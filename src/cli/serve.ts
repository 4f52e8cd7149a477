// `serve`: a whole cluster without an editor, for kubectl, Helm and CI.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspect, parseArgs } from "node:util";
import { parse } from "yaml";
import { readClusterFile } from "../api/clusterFile/readClusterFile.ts";
import type { ClusterSpec, SetUp } from "../api/clusterSpec.ts";
import { defaultCluster, uniformCluster } from "../engine/defaultCluster.ts";
import { conformanceDistribution } from "../engine/distribution.ts";
import { NodeEngine, type NodeEngineOptions } from "../engine/host/nodeEngine.ts";
import { StorageInUse } from "../engine/host/nodeStorage.ts";
import { fastestSpeed, slowestSpeed } from "../engine/host/pacer.ts";
import { conformanceRuntime } from "../engine/node/conformanceRuntime.ts";
import type { Command } from "./command.ts";
import { readDocuments } from "./readObjects.ts";

const usage = `Usage: kubernetes-tutor serve [OPTION...]

Runs a cluster until it is told to stop (SIGINT or SIGTERM), and prints one line once it answers:
ready URL KUBECONFIG

  --data DIR           where the cluster is kept; a folder kubernetes-tutor-cluster if absent
  --port N             of the loopback address; any that is free if 0 or absent
  --kubeconfig FILE    where to write how kubectl finds the cluster; DIR/kubeconfig if absent
  --config FILE        what a new cluster is like: a cluster file as kind has it (kind: Cluster)
  --nodes N            N workers of 4 cpu and 8Gi beside a control plane; four different ones if absent
  --profile NAME       full, or conformance: Pods run within a second whatever their image; full if absent
  --speed X            how fast time passes, ${slowestSpeed} to ${fastestSpeed}; 1 if absent
`;

interface ServeOptions {
  readonly data: string;
  readonly port: number;
  readonly kubeconfig: string;
  /** What a new cluster is to be like, as far as somebody said so. */
  readonly described: ClusterSpec | undefined;
  readonly speed: number;
  readonly profile: Profile;
}

interface Profile {
  readonly cluster: Pick<NodeEngineOptions, "runtime" | "distribution">;
  readonly setUp: SetUp;
  readonly hasDefaultStorage: boolean;
  readonly hasMetricsServer: boolean;
  /** What the kubeconfig calls its context. */
  readonly context?: string;
}

const profiles: Readonly<Record<string, Profile>> = {
  full: { cluster: {}, setUp: "kubeadm", hasDefaultStorage: true, hasMetricsServer: true },
  conformance: {
    cluster: { runtime: conformanceRuntime, distribution: conformanceDistribution },
    setUp: "services",
    hasDefaultStorage: false,
    hasMetricsServer: false,
    context: "c",
  },
};

/** Runs until a signal comes; 0 then, 1 if the cluster cannot be opened, 2 for words it does not know. */
export const serve: Command = async (words) => {
  if (words.includes("--help")) {
    process.stdout.write(usage);
    return 0;
  }
  const options = readOptions(words);
  if (typeof options === "string") {
    process.stderr.write(`${options}\n\n${usage}`);
    return 2;
  }
  const stopped = stopSignal();
  try {
    await run(options, stopped);
    return 0;
  } catch (error) {
    process.stderr.write(`${failure(error)}\n`);
    return 1;
  }
};

async function run(options: ServeOptions, stopped: Promise<string>): Promise<void> {
  const { data, port, kubeconfig, described, speed, profile } = options;
  const storagePath = join(data, "etcd.sqlite");
  if (described && existsSync(storagePath))
    log(`the cluster in ${data} goes on as it is: --config and --nodes are for new ones`);
  const { setUp, hasDefaultStorage, hasMetricsServer } = profile;
  const usual = { machines: defaultCluster.machines, setUp, hasDefaultStorage, hasMetricsServer };
  const engine = await NodeEngine.open({
    storagePath,
    spec: { ...usual, ...described },
    ...profile.cluster,
    onSetAside: (path, reason) => log(`the stored cluster is damaged (${reason}), now ${path}`),
    onDefect: (error) => log(inspect(error)),
  });
  engine.host.setSpeed(speed);
  try {
    const { context } = profile;
    const named = context === undefined ? {} : { context };
    const door = await engine.listen(port, { kubeconfig, ...named });
    process.stdout.write(`ready ${door.url} ${door.kubeconfig}\n`);
    log(`stops because of ${await stopped}`);
  } finally {
    await engine.host.close();
  }
}

/** The options, or what is wrong with the words. */
function readOptions(words: readonly string[]): ServeOptions | string {
  const option = { type: "string" } as const;
  const options = {
    data: option,
    port: option,
    kubeconfig: option,
    config: option,
    nodes: option,
    speed: option,
    profile: option,
  };
  try {
    const { values } = parseArgs({ args: [...words], options, strict: true });
    const data = resolve(values.data ?? "kubernetes-tutor-cluster");
    return {
      data,
      port: numberOf("port", values.port ?? "0", { least: 0, most: 65_535 }),
      kubeconfig: resolve(values.kubeconfig ?? join(data, "kubeconfig")),
      described: clusterIn(values),
      speed: numberOf("speed", values.speed ?? "1", {
        least: slowestSpeed,
        most: fastestSpeed,
        isFraction: true,
      }),
      profile: profileNamed(values.profile ?? "full"),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What a new cluster is to be like. @throws Error with what is wrong with the file */
function clusterIn({
  config,
  nodes,
}: {
  readonly config?: string;
  readonly nodes?: string;
}): ClusterSpec | undefined {
  if (config !== undefined && nodes !== undefined)
    throw new Error("--config says how many nodes there are: leave --nodes out");
  if (config !== undefined) return clusterInFile(config);
  if (nodes === undefined) return undefined;
  return uniformCluster(numberOf("nodes", nodes, { least: 0, most: 5_000 }));
}

function clusterInFile(path: string): ClusterSpec {
  const [value, ...others] = readDocuments(path);
  if (others.length > 0) throw new Error(`${path}: a cluster file has one document`);
  const result = readClusterFile(value, (text) => parse(text));
  if ("spec" in result) return result.spec;
  throw new Error(result.problems.map(({ message }) => `${path}: ${message}`).join("\n"));
}

function profileNamed(name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (!profile)
    throw new Error(`--profile must be ${Object.keys(profiles).join(" or ")}, not ${name}`);
  return profile;
}

interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly isFraction?: boolean;
}

function numberOf(name: string, text: string, { least, most, isFraction }: NumberRange): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  const isRight = value >= least && value <= most && (isFraction || Number.isInteger(value));
  if (!isRight) throw new Error(`--${name} must be a number from ${least} to ${most}, not ${text}`);
  return value;
}

/** Resolves to the name of the first signal that asks to stop. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
}

function failure(error: unknown): string {
  if (error instanceof StorageInUse) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return "the port is in use: choose another with --port";
  return code === undefined ? inspect(error) : (message ?? code);
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
