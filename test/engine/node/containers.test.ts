import assert from "node:assert/strict";
import { ConfigMap as ConfigMapKind } from "../../../src/api/kinds/configMap.ts";
import { Secret as SecretKind } from "../../../src/api/kinds/secret.ts";
import type { Container, PodSpec } from "../../../src/api/types.ts";
import { PodTester } from "./podTester.ts";

describe("containers do something", () => {
  let cluster: PodTester;
  before(() => {
    cluster = new PodTester();
    cluster.client.create(ConfigMapKind, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", namespace: "default" },
      data: {
        "data-1": "value-1",
        "data-2": "value-2",
        "run.sh": "#!/bin/sh\necho from a script\n",
      },
      binaryData: { raw: "3q0=" },
    });
    cluster.client.create(SecretKind, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "secret", namespace: "default" },
      data: { password: "aHVudGVyMg==" },
    });
  });

  let count = 0;
  const nextName = () => `pod-${++count}`;

  describe("their scripts run", () => {
    for (const [claim, script, exitCode, lines] of [
      ["echo and exit", "echo hi; sleep 2; exit 3", 3, ["hi"]],
      ["variables", 'X=5; echo "b $X"', 0, ["b 5"]],
      ["loops", "for i in $(seq 2 4); do echo $i; done", 0, ["2", "3", "4"]],
      ["files", "echo one > /tmp/x; echo two >> /tmp/x; cat /tmp/x", 0, ["one", "two"]],
      ["errors", "cat /y", 1, ["cat: can't open '/y': No such file or directory"]],
      ["the main process's output", "echo seen > /proc/1/fd/1", 0, ["seen"]],
      ["pipes", "printf 'b\\na\\n' | sort", 0, ["a", "b"]],
      ["a hostname", "hostname", 0, ["HOSTNAME"]],
    ] as const)
      it(claim, () => {
        const name = nextName();
        cluster.runs(name, { command: ["sh", "-c", script] }, { restartPolicy: "Never" });
        const { state } = cluster.pod(name).status?.containerStatuses?.[0] ?? {};
        assert.equal(state?.terminated?.exitCode, exitCode);
        const expected = lines.map((line) => (line === "HOSTNAME" ? name : line));
        assert.deepEqual(cluster.log(name), expected);
      });
  });

  describe("see of the API what they mount and what is in their environment", () => {
    for (const [claim, container, spec, script, expected] of [
      [
        "a ConfigMap's keys",
        mounting("v"),
        configMap({}),
        "cd /v; cat data-1; cat data-2",
        "value-1value-2",
      ],
      [
        "through links that are exchanged at once",
        mounting("v"),
        configMap({}),
        "readlink /v/data-1; readlink /v/..data | cut -c1-4",
        "..data/data-1\n..20\n",
      ],
      ["bytes", mounting("v"), configMap({}), "od -An -tx1 /v/raw | tr -d ' \\n'", "dead"],
      [
        "chosen keys under other names",
        mounting("v"),
        configMap({ items: [{ key: "data-2", path: "path/to/two" }] }),
        "cat /v/path/to/two; ls /v",
        "value-2path\n",
      ],
      [
        "modes",
        mounting("v"),
        configMap({ defaultMode: 0o400 }),
        "stat -c %a -L /v/data-1",
        "400\n",
      ],
      [
        "modes of single keys",
        mounting("v"),
        configMap({ items: [{ key: "run.sh", path: "run.sh", mode: 0o555 }] }),
        "/v/run.sh",
        "from a script\n",
      ],
      [
        "nothing of an optional one",
        mounting("v"),
        { volumes: [{ name: "v", configMap: { name: "none", optional: true } }] },
        "ls /v | wc -l",
        "0\n",
      ],
      [
        "a Secret",
        mounting("v"),
        { volumes: [{ name: "v", secret: { secretName: "secret" } }] },
        "cat /v/password",
        "hunter2",
      ],
      [
        "one key by subPath",
        { volumeMounts: [{ name: "v", mountPath: "/etc/one", subPath: "data-1" }] },
        configMap({}),
        "cat /etc/one",
        "value-1",
      ],
      [
        "what is read-only",
        mounting("v"),
        configMap({}),
        "echo x > /v/data-1",
        "sh: can't create /v/data-1: Read-only file system\n",
      ],
      ["their own fields", mounting("v"), downward(), "cat /v/name; echo; cat /v/cpu", "NAME\n4"],
      [
        "a token, the cluster's certificate and the namespace",
        {},
        {},
        "cd /var/run/secrets/kubernetes.io/serviceaccount; ls; cat namespace",
        "ca.crt\nnamespace\ntoken\ndefault",
      ],
      [
        "variables from a ConfigMap",
        { envFrom: [{ prefix: "p_", configMapRef: { name: "settings" } }] },
        {},
        'env | grep "^p_data" | sort',
        "p_data-1=value-1\np_data-2=value-2\n",
      ],
      [
        "a variable from a Secret",
        { env: [{ name: "P", valueFrom: { secretKeyRef: { name: "secret", key: "password" } } }] },
        {},
        "echo $P",
        "hunter2\n",
      ],
      [
        "variables made of others",
        {
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "$(A)-$(C)-$$(A)" },
          ],
        },
        {},
        'echo "$B"',
        "1-$(C)-$(A)\n",
      ],
      [
        "limits and requests",
        {
          resources: { limits: { cpu: "1500m", memory: "64Mi" } },
          env: [
            { name: "C", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
            {
              name: "M",
              valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1Mi" } },
            },
          ],
        },
        {},
        "echo $C $M",
        "2 64\n",
      ],
      [
        "the Services there are",
        {},
        {},
        "echo $KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT_HTTPS",
        "10.96.0.1:443\n",
      ],
      [
        "names of other hosts",
        {},
        { hostAliases: [{ ip: "10.0.0.9", hostnames: ["db", "db.local"] }] },
        "tail -n 2 /etc/hosts",
        "# Entries added by HostAliases.\n10.0.0.9\tdb\tdb.local\n",
      ],
      [
        "the cluster's DNS",
        {},
        {},
        "cat /etc/resolv.conf",
        "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n",
      ],
      [
        "their own DNS",
        {},
        {
          dnsPolicy: "None",
          dnsConfig: {
            nameservers: ["1.1.1.1"],
            searches: ["x.y"],
            options: [{ name: "ndots", value: "2" }],
          },
        },
        "cat /etc/resolv.conf",
        "search x.y\nnameserver 1.1.1.1\noptions ndots:2\n",
      ],
    ] as readonly [string, Partial<Container>, Partial<PodSpec>, string, string][])
      it(claim, () => {
        const name = nextName();
        cluster.runs(name, { command: ["sleep", "1000"], ...container }, spec);
        assert.equal(cluster.sh(name, script), expected.replace("NAME\n", `${name}\n`));
        cluster.delete(name, 0);
      });
  });

  describe("cannot be configured", () => {
    for (const [claim, container, spec, reason, message] of [
      [
        "without their ConfigMap",
        { envFrom: [{ configMapRef: { name: "none" } }] },
        {},
        "CreateContainerConfigError",
        'configmap "none" not found',
      ],
      [
        "as root if they must not be",
        { securityContext: { runAsNonRoot: true } },
        {},
        "CreateContainerConfigError",
        /^container has runAsNonRoot and image will run as root \(pod: "pod-\d+_default\(.*\)", container: app\)$/,
      ],
      [
        "with a sub-path made of nothing",
        {
          volumeMounts: [{ name: "v", mountPath: "/v", subPathExpr: "$(NONE)" }],
          env: [{ name: "NONE", value: "" }],
        },
        { volumes: [{ name: "v", emptyDir: {} }] },
        "CreateContainerConfigError",
        "missing value for NONE",
      ],
      [
        "with a command that is not there",
        { command: ["nope"] },
        {},
        /RunContainerError|CrashLoopBackOff/,
        /exec: "nope": executable file not found in \$PATH|back-off/,
      ],
    ] as readonly [
      string,
      Partial<Container>,
      Partial<PodSpec>,
      string | RegExp,
      string | RegExp,
    ][])
      it(claim, () => {
        const name = nextName();
        cluster.runs(name, container, spec);
        const { waiting } = cluster.pod(name).status?.containerStatuses?.[0]?.state ?? {};
        assert.match(waiting?.reason ?? "", new RegExp(reason));
        if (typeof message === "string") assert.equal(waiting?.message, message);
        else assert.match(waiting?.message ?? "", message);
        cluster.delete(name, 0);
      });

    it("a process that never was has ended with 128", () => {
      const name = nextName();
      cluster.runs(name, { command: ["/no/such"] }, { restartPolicy: "Never" });
      const { terminated } = cluster.pod(name).status?.containerStatuses?.[0]?.state ?? {};
      assert.deepEqual(
        [terminated?.exitCode, terminated?.reason, terminated?.startedAt],
        [128, "StartError", "1970-01-01T00:00:00Z"],
      );
      assert.match(terminated?.message ?? "", /exec: "\/no\/such": stat \/no\/such: no such file/);
    });
  });

  describe("volumes", () => {
    it("outlive a container, whose own files don't", () => {
      const script =
        "cat /own /v/kept 2>/dev/null; date > /own; echo kept > /v/kept; sleep 5; exit 1";
      const name = nextName();
      const volume = { volumes: [{ name: "v", emptyDir: {} }] };
      cluster.runs(name, { command: ["sh", "-c", script], ...mounting("v") }, volume);
      cluster.run(30);
      assert.deepEqual(cluster.log(name), ["kept"]);
    });

    it("are shared by the containers of a Pod", () => {
      const name = nextName();
      const reader = {
        name: "reader",
        image: "busybox:1.36",
        command: ["sleep", "1000"],
        ...mounting("v"),
      };
      const writer = {
        name: "app",
        image: "busybox:1.36",
        command: ["sh", "-c", "echo hello > /v/x; sleep 1000"],
        ...mounting("v"),
      };
      cluster.runs(
        name,
        {},
        { containers: [writer, reader], volumes: [{ name: "v", emptyDir: {} }] },
      );
      assert.equal(cluster.sh(name, "cat /v/x", "reader"), "hello\n");
    });

    it("show new content of a ConfigMap after the kubelet's next sync, by subPath never", () => {
      const name = nextName();
      cluster.client.create(ConfigMapKind, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "live", namespace: "default" },
        data: { key: "old", gone: "x" },
      });
      const mounts = {
        volumeMounts: [
          { name: "v", mountPath: "/v" },
          { name: "v", mountPath: "/one", subPath: "key" },
        ],
      };
      cluster.runs(
        name,
        { command: ["sleep", "1000"], ...mounts },
        { volumes: [{ name: "v", configMap: { name: "live" } }] },
      );
      assert.equal(cluster.sh(name, "cat /v/key /one"), "oldold");
      cluster.client.patch(
        ConfigMapKind,
        { namespace: "default", name: "live" },
        { data: { key: "new", gone: null } },
      );
      assert.equal(cluster.sh(name, "cat /v/key"), "old");
      cluster.run(100);
      assert.equal(cluster.sh(name, "cat /v/key /one; ls /v"), "newoldkey\n");
    });

    it("belong to the Pod's group", () => {
      const name = nextName();
      const spec = {
        securityContext: { runAsUser: 1000, fsGroup: 2000 },
        volumes: [{ name: "v", emptyDir: {} }],
      };
      cluster.runs(name, { command: ["sleep", "1000"], ...mounting("v") }, spec);
      assert.equal(
        cluster.sh(name, "touch /v/f; stat -c '%u %g' /v/f; id -u; id -G"),
        "1000 2000\n1000\n0 2000\n",
      );
    });
  });

  describe("end", () => {
    it("with a last word", () => {
      const name = nextName();
      const command = ["sh", "-c", "echo DONE > /dev/termination-log; exit 1"];
      cluster.runs(name, { command }, { restartPolicy: "Never" });
      assert.equal(
        cluster.pod(name).status?.containerStatuses?.[0]?.state?.terminated?.message,
        "DONE\n",
      );
    });

    it("with what they wrote last, if they failed without a word", () => {
      const name = nextName();
      const container = {
        command: ["sh", "-c", "echo oh; exit 1"],
        terminationMessagePolicy: "FallbackToLogsOnError",
      } as const;
      cluster.runs(name, container, { restartPolicy: "Never" });
      assert.equal(
        cluster.pod(name).status?.containerStatuses?.[0]?.state?.terminated?.message,
        "oh\n",
      );
    });

    for (const [claim, command, seconds] of [
      [
        "at once where SIGTERM is handled",
        ["sh", "-c", "trap 'echo bye; exit 4' TERM; while true; do sleep 1; done"],
        4,
      ],
      ["by SIGKILL after the grace period where it is not", ["sleep", "1000"], 13],
    ] as const)
      it(claim, () => {
        const name = nextName();
        cluster.runs(name, { command: [...command] }, { terminationGracePeriodSeconds: 10 });
        cluster.delete(name);
        cluster.run(seconds);
        assert.equal(cluster.status(name), "gone");
      });
  });

  describe("are spoken to", () => {
    it("over the network: nginx serves its files and logs who asked", () => {
      const server = nextName();
      cluster.runs(server, { image: "nginx:1.27" });
      cluster.exec(server, ["sh", "-c", "echo hello > /usr/share/nginx/html/index.html"]);
      assert.match(cluster.http(server, 80, "/"), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nhello\n$/s);
      assert.match(cluster.log(server).at(-1) ?? "", /"GET \/ HTTP\/1\.1" 200 6 "-" "-" "-"/);
    });

    it("by commands beside them, with their exit codes", () => {
      const name = nextName();
      cluster.runs(name, { command: ["sleep", "1000"] });
      assert.deepEqual(cluster.exec(name, ["sh", "-c", "echo out; exit 7"]), {
        exitCode: 7,
        output: "out\n",
      });
      assert.match(cluster.exec(name, ["nope"]).output, /exec: "nope": executable file not found/);
    });
  });
});

function mounting(name: string): Partial<Container> {
  return { volumeMounts: [{ name, mountPath: "/v" }] };
}

function configMap(more: object): Partial<PodSpec> {
  return { volumes: [{ name: "v", configMap: { name: "settings", ...more } }] };
}

function downward(): Partial<PodSpec> {
  const items = [
    { path: "name", fieldRef: { fieldPath: "metadata.name" } },
    {
      path: "cpu",
      resourceFieldRef: { containerName: "app", resource: "limits.cpu", divisor: "1" },
    },
  ];
  return { volumes: [{ name: "v", downwardAPI: { items } }] };
}
