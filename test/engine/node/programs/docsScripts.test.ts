// Scripts of the Kubernetes documentation's example manifests, each with what its page says it does.
import assert from "node:assert/strict";
import { runScript, type ScriptWorld } from "./runScript.ts";

interface Example {
  readonly page: string;
  readonly script: string;
  readonly world?: ScriptWorld;
  readonly stdout: string;
  readonly code?: number;
  readonly elapsedMs?: number;
}

const examples: readonly Example[] = [
  {
    page: "concepts/cluster-administration/logging: counter",
    script: 'i=0; while true; do echo "$i: $(date)"; i=$((i+1)); sleep 1; done',
    world: { patienceMs: 2_500 },
    stdout: [0, 1, 2].map((i) => `${i}: Mon Sep  1 12:34:5${6 + i} UTC 2025\n`).join(""),
  },
  {
    page: "concepts/cluster-administration/logging: two files, read by a sidecar",
    script: `mkdir -p /var/log
(
i=0;
while true;
do
  echo "$i: $(date)" >> /var/log/1.log;
  echo "$(date) INFO $i" >> /var/log/2.log;
  i=$((i+1));
  sleep 1;
done
) &
timeout 1.5 tail -n+1 -F /var/log/1.log; timeout 1 tail -n+1 -F /var/log/2.log`,
    stdout: `0: Mon Sep  1 12:34:56 UTC 2025
1: Mon Sep  1 12:34:57 UTC 2025
Mon Sep  1 12:34:56 UTC 2025 INFO 0
Mon Sep  1 12:34:57 UTC 2025 INFO 1
Mon Sep  1 12:34:58 UTC 2025 INFO 2
`,
    code: 143,
    elapsedMs: 2_500,
  },
  {
    page: "tasks/configure-pod-container/configure-liveness-readiness-startup-probes: exec",
    script: `sh -c 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600' &
sleep 5; cat /tmp/healthy; echo $?; sleep 30; cat /tmp/healthy 2>&1; echo $?`,
    stdout: "0\ncat: can't open '/tmp/healthy': No such file or directory\n1\n",
    code: 0,
    elapsedMs: 35_000,
  },
  {
    page: "concepts/workloads/pods/init-containers: waits for a Service",
    script:
      "until nslookup myservice.default.svc.cluster.local; do echo waiting for myservice; sleep 2; done",
    world: { patienceMs: 3_000 },
    stdout:
      ";; connection timed out; no servers could be reached\n\nwaiting for myservice\n".repeat(2),
  },
  {
    page: "tasks/access-application-cluster/communicate-containers-same-pod-shared-volume",
    script:
      "mkdir /pod-data; echo Hello from the debian container > /pod-data/index.html; cat /pod-data/index.html",
    stdout: "Hello from the debian container\n",
    code: 0,
  },
  {
    page: "tasks/configure-pod-container/attach-handler-lifecycle-event: preStop",
    script: "while killall -0 nginx; do sleep 1; done",
    stdout: "",
    code: 0,
  },
  {
    page: "concepts/workloads/controllers/cron-jobs: hello",
    script: "date; echo Hello from the Kubernetes cluster",
    stdout: "Mon Sep  1 12:34:56 UTC 2025\nHello from the Kubernetes cluster\n",
    code: 0,
  },
  {
    page: "tasks/inject-data-application/define-command-argument-container",
    script: "",
    world: {
      argv: ["printenv", "HOSTNAME", "KUBERNETES_PORT"],
      env: { HOSTNAME: "command-demo", KUBERNETES_PORT: "tcp://10.3.240.1:443" },
    },
    stdout: "command-demo\ntcp://10.3.240.1:443\n",
    code: 0,
  },
  {
    page: "tasks/inject-data-application/define-interdependent-environment-variables",
    script: `while true; do echo -en '\\n'; printf UNCHANGED_REFERENCE=$UNCHANGED_REFERENCE'\\n'; printf SERVICE_ADDRESS=$SERVICE_ADDRESS'\\n';printf ESCAPED_REFERENCE=$ESCAPED_REFERENCE'\\n'; sleep 30; done;`,
    world: {
      env: {
        UNCHANGED_REFERENCE: "$(PROTOCOL)://172.17.0.1:80",
        SERVICE_ADDRESS: "https://172.17.0.1:80",
        ESCAPED_REFERENCE: "$(PROTOCOL)://172.17.0.1:80",
      },
      patienceMs: 10_000,
    },
    stdout: `
UNCHANGED_REFERENCE=$(PROTOCOL)://172.17.0.1:80
SERVICE_ADDRESS=https://172.17.0.1:80
ESCAPED_REFERENCE=$(PROTOCOL)://172.17.0.1:80
`,
  },
  {
    page: "tasks/inject-data-application/environment-variable-expose-pod-information",
    script: `while true; do
  echo -en '\\n';
  printenv MY_NODE_NAME MY_POD_NAME MY_POD_NAMESPACE;
  sleep 10;
done;`,
    world: {
      env: { MY_NODE_NAME: "node-1", MY_POD_NAME: "dapi", MY_POD_NAMESPACE: "default" },
      patienceMs: 5_000,
    },
    stdout: "\nnode-1\ndapi\ndefault\n",
  },
  {
    page: "tasks/inject-data-application/downward-api-volume-expose-pod-information",
    script: `while true; do
  if [[ -e /etc/podinfo/labels ]]; then
    echo -en '\\n\\n'; cat /etc/podinfo/labels; fi;
  if [[ -e /etc/podinfo/annotations ]]; then
    echo -en '\\n\\n'; cat /etc/podinfo/annotations; fi;
  sleep 5;
done;`,
    world: { files: { "/etc/podinfo/labels": 'zone="us-est-coast"\n' }, patienceMs: 2_000 },
    stdout: '\n\nzone="us-est-coast"\n',
  },
  {
    page: "tasks/debug/debug-application/determine-reason-pod-failure",
    script: "sleep 10 && echo Sleep expired > /tmp/termination-log; cat /tmp/termination-log",
    stdout: "Sleep expired\n",
    code: 0,
    elapsedMs: 10_000,
  },
  {
    page: "tasks/job/pod-failure-policy",
    script:
      'echo "Hello world! I\'m going to exit with 42 to simulate a software bug." && sleep 30 && exit 42',
    world: { userland: "debian" },
    stdout: "Hello world! I'm going to exit with 42 to simulate a software bug.\n",
    code: 42,
    elapsedMs: 30_000,
  },
  {
    page: "tasks/job/indexed-parallel-processing-static",
    script: "",
    world: {
      argv: [
        "bash",
        "-c",
        `items=(foo bar baz qux xyz)\necho \${items[$JOB_COMPLETION_INDEX]} > /tmp/data.txt\nrev /tmp/data.txt`,
      ],
      env: { JOB_COMPLETION_INDEX: "3" },
    },
    stdout: "xuq\n",
    code: 0,
  },
  {
    page: "tasks/run-application/horizontal-pod-autoscale-walkthrough: the load",
    script:
      "while sleep 0.01; do wget -q -O- http://php-apache 2>&1 && break; [ -e f ] && break; : > f; done",
    stdout: "wget: bad address 'php-apache'\n".repeat(2),
    code: 0,
    elapsedMs: 20,
  },
  {
    page: "tutorials/stateful-application/basic-stateful-set: writes its name",
    script: "sh -c 'echo \"$(hostname)\" > /tmp/index.html'; cat /tmp/index.html",
    stdout: "web\n",
    code: 0,
  },
  {
    page: "concepts/containers/container-lifecycle-hooks: idles until it is told to end",
    script: `sh -c 'trap : TERM INT; sleep 9999999999d & wait' & sleep 1; kill $!; wait $!; echo $?`,
    stdout: "143\n",
    code: 0,
    elapsedMs: 1_000,
  },
  {
    page: "tasks/configure-pod-container/configure-volume-storage: files in a volume",
    script:
      "mkdir -p /data/redis; cd /data/redis/; echo Hello > test-file; ls /data/redis/; cat test-file",
    stdout: "test-file\nHello\n",
    code: 0,
  },
  {
    page: "concepts/configuration/secret: a dot file in a volume",
    script: "ls -l /etc/secret-volume | wc -l; ls -a /etc/secret-volume",
    world: { files: { "/etc/secret-volume/.secret-file": "value-2" } },
    stdout: "1\n.\n..\n.secret-file\n",
    code: 0,
  },
];

describe("scripts of the documentation", () => {
  for (const { page, script, world = {}, stdout, code, elapsedMs } of examples)
    it(page, () => {
      const end = runScript(script, world);
      assert.equal(end.stdout, stdout);
      assert.equal(end.code, code);
      if (code !== undefined) assert.equal(end.elapsedMs, elapsedMs ?? 0);
    });
});
