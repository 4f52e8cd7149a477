// agnhost, the image of Kubernetes' own end-to-end tests: one program with many subcommands.
// Source: test/images/agnhost, kubernetes v1.34.
import type { Executable } from "../../process/process.ts";
import { untilSignal } from "../../process/untilSignal.ts";
import { connect } from "./connect.ts";
import { dnsServerList, dnsSuffix, etcHosts } from "./dnsTools.ts";
import { grpcHealthChecking } from "./grpcHealthChecking.ts";
import { guestbook } from "./guestbook.ts";
import { inClusterClient } from "./inClusterClient.ts";
import { liveness } from "./liveness.ts";
import { logsGenerator } from "./logsGenerator.ts";
import { mounttest } from "./mounttest.ts";
import { netexec } from "./netexec.ts";
import { nettest } from "./nettest.ts";
import { porter } from "./porter.ts";
import { serveHostname } from "./serveHostname.ts";
import { testWebserver } from "./testWebserver.ts";
import { webhook } from "./webhook.ts";

const idle = { cpuMillis: 1, memoryBytes: 8 * 2 ** 20 };
/** Of a Go program that SIGTERM ends, as PID 1. */
const terminatedCode = 2;

const pauses: Executable = function* (process) {
  process.stdout.write("Paused\n");
  const signal = yield* untilSignal(process);
  return signal === "SIGINT" ? 1 : terminatedCode;
};

/** Shows how it was called. */
// biome-ignore lint/correctness/useYield: it takes no time
const entrypointTester: Executable = function* ({ argv, stdout }) {
  stdout.write(`[${argv.join(" ")}]\n`);
  return 0;
};

// biome-ignore lint/correctness/useYield: it takes no time
const showsEnvironment: Executable = function* ({ env, stdout }) {
  for (const [name, value] of env) stdout.write(`${name}=${value}\n`);
  return 0;
};

const subcommands: Readonly<Record<string, Executable>> = {
  connect,
  "dns-server-list": dnsServerList,
  "dns-suffix": dnsSuffix,
  "entrypoint-tester": entrypointTester,
  env: showsEnvironment,
  "etc-hosts": etcHosts,
  "grpc-health-checking": grpcHealthChecking,
  guestbook,
  inclusterclient: inClusterClient,
  liveness,
  "logs-generator": logsGenerator,
  mounttest,
  netexec,
  nettest,
  pause: pauses,
  porter,
  "serve-hostname": serveHostname,
  "test-webserver": testWebserver,
  webhook,
};

export const agnhost: Executable = function* (process) {
  const name = process.argv[1] ?? "";
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (subcommand) {
    process.use(idle);
    return yield* subcommand(process);
  }
  if (name === "" || name === "help" || name === "--help") {
    process.stdout.write("Usage:\n  app [command]\n");
    return 0;
  }
  process.stderr.write(
    `Error: unknown command ${JSON.stringify(name)} for "app"\nRun 'app --help' for usage.\n`,
  );
  return 1;
};
