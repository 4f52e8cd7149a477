// How long the default cluster takes from nothing until every node is Ready: wall time, and the time
// that passes on the cluster's own clock. Run: npm run bench -- boot
import { performance } from "node:perf_hooks";
import { isReady, Node } from "../src/api/kinds/node.ts";
import { second } from "../src/base/time.ts";
import { defaultCluster } from "../src/engine/defaultCluster.ts";
import { Engine } from "../src/engine/engine.ts";

const rounds = 11;
const longestBoot = 120 * second;
const now = Date.parse("2026-01-01T00:00:00Z");

interface Boot {
  readonly builtMs: number;
  readonly readyMs: number;
  readonly clusterSeconds: number;
}

const boots = Array.from({ length: rounds }, (_, seed) => boot(seed));
const [first] = boots;
const middle = boots.toSorted((a, b) => a.readyMs - b.readyMs)[rounds >> 1];
if (first) print("cold", first);
if (middle) print("median", middle);

function boot(seed: number): Boot {
  const started = performance.now();
  const engine = new Engine({ now, seed, spec: { ...defaultCluster, setUp: "kubeadm" } });
  const builtMs = performance.now() - started;
  const client = engine.client("kubernetes-admin");
  while (!client.list(Node).items.every(isReady) || client.list(Node).items.length === 0) {
    if (engine.clock.now() - now > longestBoot) throw new Error("the nodes don't become Ready");
    engine.clock.run(second);
  }
  return {
    builtMs,
    readyMs: performance.now() - started,
    clusterSeconds: (engine.clock.now() - now) / second,
  };
}

function print(what: string, { builtMs, readyMs, clusterSeconds }: Boot): void {
  console.log(
    `${what.padEnd(14)} built in ${builtMs.toFixed(1)} ms, all nodes Ready after ` +
      `${readyMs.toFixed(1)} ms (${clusterSeconds} s on the cluster's clock)`,
  );
}
