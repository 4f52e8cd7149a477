// The commands by which probes ask the servers of official images how they are.
import { isNetworkFailure } from "../../network/containerNetwork.ts";
import type { Executable } from "../process/process.ts";

interface HealthTool {
  readonly path: string;
  readonly port: number;
  readonly good: string;
  readonly bad: string;
  readonly badCode?: number;
}

const mysql = (path: string): HealthTool => ({
  path,
  port: 3_306,
  good: "mysqld is alive",
  bad: "mysqladmin: connect to server at 'localhost' failed",
});

const tools: Readonly<Record<string, readonly HealthTool[]>> = {
  "docker.io/library/postgres": [
    {
      path: "/usr/local/bin/pg_isready",
      port: 5_432,
      good: "/var/run/postgresql:5432 - accepting connections",
      bad: "/var/run/postgresql:5432 - no response",
      badCode: 2,
    },
  ],
  "docker.io/library/mysql": [mysql("/usr/bin/mysqladmin"), mysql("/usr/bin/mysql")],
  "docker.io/library/mariadb": [
    mysql("/usr/bin/mariadb-admin"),
    mysql("/usr/local/bin/healthcheck.sh"),
  ],
  "docker.io/library/mongo": [
    {
      path: "/usr/bin/mongosh",
      port: 27_017,
      good: "{ ok: 1 }",
      bad: "MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017",
    },
  ],
  "docker.io/library/rabbitmq": [
    {
      path: "/usr/local/bin/rabbitmq-diagnostics",
      port: 5_672,
      good: "Ping succeeded",
      bad: "Error: unable to perform an operation on node",
    },
  ],
};

/** By path. */
export function healthTools(repository: string): Readonly<Record<string, Executable>> {
  return Object.fromEntries(
    (tools[repository] ?? []).map((tool) => [tool.path, program(tool)] as const),
  );
}

function program({ port, good, bad, badCode = 1 }: HealthTool): Executable {
  return function* ({ network, stdout, stderr }) {
    const found = yield* network.connect({ address: "127.0.0.1", port, protocol: "TCP" });
    if (isNetworkFailure(found)) {
      stderr.write(`${bad}\n`);
      return badCode;
    }
    found.close();
    stdout.write(`${good}\n`);
    return 0;
  };
}
