// Writes per second through kube-apiserver alone: creating Pods, reporting their status as kubelets do,
// and labelling them; of processor time, so that a busy machine does not count.
// Run: npx tsx bench/writes.bench.ts
import process from "node:process";
import { KindRegistry } from "../src/api/kind.ts";
import { builtInKinds } from "../src/api/kinds/index.ts";
import { Pod } from "../src/api/kinds/pod/kind.ts";
import type { Pod as PodObject } from "../src/api/types.ts";
import { Random } from "../src/base/random.ts";
import { VirtualClock } from "../src/engine/clock.ts";
import { ApiServer } from "../src/engine/registry/apiServer.ts";
import { Store } from "../src/engine/store/store.ts";
import { Trace } from "../src/engine/trace.ts";

const pods = 2_000;
const rounds = 5;

function makeServer(): ApiServer {
  const clock = new VirtualClock(Date.UTC(2026, 0, 31, 9));
  const store = new Store(() => clock.now());
  const kinds = new KindRegistry(builtInKinds);
  const trace = new Trace(clock);
  return new ApiServer({ clock, store, trace, random: new Random(1), kinds, admission: [] });
}

function podNamed(name: string): PodObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: "web" } },
    spec: {
      containers: [
        {
          name: "web",
          image: "nginx:1.29",
          ports: [{ containerPort: 80 }],
          env: [{ name: "A", value: "1" }],
          resources: { requests: { cpu: "100m", memory: "64Mi" } },
        },
      ],
    },
  };
}

const conditionTypes = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"];

function statusOf(phase: string, ready: boolean) {
  return {
    phase,
    podIP: "10.0.0.1",
    podIPs: [{ ip: "10.0.0.1" }],
    hostIP: "192.168.0.1",
    startTime: "2026-01-31T09:00:00Z",
    conditions: conditionTypes.map((type) => ({
      type,
      status: ready ? "True" : "False",
      lastTransitionTime: "2026-01-31T09:00:01Z",
    })),
    containerStatuses: [
      {
        name: "web",
        image: "nginx:1.29",
        imageID: "",
        ready,
        restartCount: 0,
        state: { running: { startedAt: "2026-01-31T09:00:01Z" } },
      },
    ],
  };
}

const best = new Map<string, number>();

function measure(what: string, act: (name: string) => void): void {
  const before = process.cpuUsage();
  for (let i = 0; i < pods; i++) act(`web-${i}`);
  const { user, system } = process.cpuUsage(before);
  const perSecond = pods / ((user + system) / 1e6);
  best.set(what, Math.max(best.get(what) ?? 0, perSecond));
}

for (let round = 0; round < rounds; round++) {
  const server = makeServer();
  const user = server.client("kubernetes-admin");
  const kubelet = server.client("system:node:a");
  const key = (name: string) => ({ namespace: "default", name });
  const report = (name: string, phase: string, ready: boolean) =>
    kubelet.patch(Pod, key(name), { status: statusOf(phase, ready) }, { subresource: "status" });
  measure("create a Pod", (name) => user.create(Pod, podNamed(name)));
  measure("report the first status", (name) => report(name, "Pending", false));
  measure("report another status", (name) => report(name, "Running", true));
  measure("report the same status", (name) => report(name, "Running", true));
  measure("label a Pod", (name) =>
    user.patch(Pod, key(name), { metadata: { labels: { team: "blue" } } }),
  );
}

for (const [what, perSecond] of best)
  console.log(`  ${what.padEnd(26)} ${Math.round(perSecond).toLocaleString("en").padStart(9)} /s`);
