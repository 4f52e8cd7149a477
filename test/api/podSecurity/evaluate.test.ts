import assert from "node:assert/strict";
import { evaluatePod, violationsText } from "../../../src/api/podSecurity/evaluate.ts";
import { levelVersionText, policyOf } from "../../../src/api/podSecurity/policy.ts";
import type { Container, PodSpec } from "../../../src/api/types.ts";

interface Case {
  readonly spec?: Partial<PodSpec>;
  readonly container?: Partial<Container>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const good: Partial<PodSpec> = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
};
const goodContainer: Partial<Container> = {
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};

/** What a level says of a Pod with one container "c", and an init container "i" of the same kind. */
function said(labels: Readonly<Record<string, string>>, { spec, container, annotations }: Case) {
  const made = (name: string) => ({ name, image: "i", ...container }) as Container;
  const { policy } = policyOf(labels);
  return violationsText(
    evaluatePod(policy.enforce, {
      metadata: { annotations: annotations ?? {} },
      spec: { containers: [made("c")], ...spec } as PodSpec,
    }),
  );
}

const baseline = { "pod-security.kubernetes.io/enforce": "baseline" };
const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };
const version = (minor: number, labels = baseline as Readonly<Record<string, string>>) => ({
  ...labels,
  "pod-security.kubernetes.io/enforce-version": `v1.${minor}`,
});

describe("the baseline standard", () => {
  for (const [claim, pod, message, labels] of [
    ["has nothing against a plain Pod", {}, ""],
    [
      "refuses the node's namespaces",
      { spec: { hostNetwork: true, hostPID: true, hostIPC: true } },
      "host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)",
    ],
    [
      "refuses the node's files",
      { spec: { volumes: [{ name: "a", hostPath: { path: "/" } }] } },
      'hostPath volumes (volume "a")',
    ],
    [
      "refuses the node's ports",
      {
        container: {
          ports: [
            { containerPort: 1, hostPort: 80 },
            { containerPort: 2, hostPort: 443 },
          ],
        },
      },
      'hostPort (container "c" uses hostPorts 443, 80)',
    ],
    [
      "refuses probes of others",
      { container: { livenessProbe: { httpGet: { port: 80, host: "10.0.0.1" } } } },
      'probe or lifecycle host (container "c" uses probe or lifecycle host "10.0.0.1")',
    ],
    [
      "did not before 1.34",
      { container: { livenessProbe: { httpGet: { port: 80, host: "10.0.0.1" } } } },
      "",
      version(33),
    ],
    [
      "refuses privileged containers",
      { container: { securityContext: { privileged: true } } },
      'privileged (container "c" must not set securityContext.privileged=true)',
    ],
    [
      "refuses capabilities beyond the usual",
      {
        container: { securityContext: { capabilities: { add: ["SYS_TIME", "CHOWN", "NET_RAW"] } } },
      },
      'non-default capabilities (container "c" must not include "NET_RAW", "SYS_TIME" in securityContext.capabilities.add)',
    ],
    [
      "refuses an unmasked /proc",
      { container: { securityContext: { procMount: "Unmasked" } } },
      'procMount (container "c" must not set securityContext.procMount to "Unmasked")',
    ],
    [
      "refuses SELinux options",
      {
        spec: { securityContext: { seLinuxOptions: { type: "spc_t", user: "root" } } },
        container: { securityContext: { seLinuxOptions: { role: "r" } } },
      },
      'seLinuxOptions (pod and container "c" set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set)',
    ],
    [
      "knows one type more since 1.31",
      { spec: { securityContext: { seLinuxOptions: { type: "container_engine_t" } } } },
      'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "container_engine_t")',
      version(30),
    ],
    [
      "refuses to go without seccomp",
      {
        spec: { securityContext: { seccompProfile: { type: "Unconfined" } } },
        container: { securityContext: { seccompProfile: { type: "Unconfined" } } },
      },
      'seccompProfile (pod and container "c" must not set securityContext.seccompProfile.type to "Unconfined")',
    ],
    [
      "read annotations before 1.19",
      { annotations: { "seccomp.security.alpha.kubernetes.io/pod": "unconfined" } },
      'seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")',
      version(18),
    ],
    [
      "refuses to go without AppArmor",
      {
        container: { securityContext: { appArmorProfile: { type: "Unconfined" } } },
        annotations: { "container.apparmor.security.beta.kubernetes.io/c": "unconfined" },
      },
      'forbidden AppArmor profiles (container "c" and annotation must not set AppArmor profile type to "Unconfined", "container.apparmor.security.beta.kubernetes.io/c=\\"unconfined\\"")',
    ],
    [
      "refuses kernel parameters",
      { spec: { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } } },
      "forbidden sysctls (kernel.msgmax)",
    ],
    [
      "allows more of them with time",
      { spec: { securityContext: { sysctls: [{ name: "net.ipv4.tcp_rmem", value: "1" }] } } },
      "forbidden sysctls (net.ipv4.tcp_rmem)",
      version(31),
    ],
    [
      "refuses processes of a Windows node",
      { spec: { securityContext: { windowsOptions: { hostProcess: true } } } },
      "hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)",
    ],
  ] as readonly (readonly [string, Case, string, Readonly<Record<string, string>>?])[])
    it(claim, () => assert.equal(said(labels ?? baseline, pod), message));
});

describe("the restricted standard", () => {
  const careful: Case = { spec: good, container: goodContainer };
  for (const [claim, pod, message, labels] of [
    ["allows a careful Pod", careful, ""],
    [
      "refuses a plain one",
      {},
      'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ],
    [
      "asked for less in 1.18",
      {},
      'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true)',
      version(18, restricted),
    ],
    [
      "includes the baseline",
      { ...careful, spec: { ...good, hostPID: true } },
      "host namespaces (hostPID=true)",
    ],
    [
      "speaks of capabilities once",
      {
        ...careful,
        container: {
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"], add: ["SYS_TIME"] },
          },
        },
      },
      'unrestricted capabilities (container "c" must not include "SYS_TIME" in securityContext.capabilities.add)',
    ],
    [
      "speaks of volumes once",
      {
        ...careful,
        spec: {
          ...good,
          volumes: [
            { name: "h", hostPath: { path: "/" } },
            { name: "n", nfs: { server: "s", path: "/" } },
            { name: "e", emptyDir: {} },
          ],
        },
      },
      'restricted volume types (volumes "h", "n" use restricted volume types "hostPath", "nfs")',
    ],
    [
      "refuses root by name",
      {
        ...careful,
        spec: { securityContext: { ...good.securityContext, runAsUser: 0 } },
      },
      "runAsUser=0 (pod must not set runAsUser=0)",
    ],
    [
      "refuses root by intent",
      {
        spec: { securityContext: { ...good.securityContext, runAsNonRoot: false } },
        container: {
          securityContext: { ...goodContainer.securityContext, runAsNonRoot: false },
        },
      },
      'runAsNonRoot != true (pod and container "c" must not set securityContext.runAsNonRoot=false)',
    ],
    ["asks less of Windows", { spec: { ...good, os: { name: "windows" } } }, ""],
  ] as readonly (readonly [string, Case, string, Readonly<Record<string, string>>?])[])
    it(claim, () => assert.equal(said(labels ?? restricted, pod), message));
});

describe("a namespace's labels", () => {
  const modes = (labels: Readonly<Record<string, string>>) => {
    const prefixed = Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]),
    );
    const { policy, errors } = policyOf(prefixed);
    const { enforce, audit, warn } = policy;
    return {
      modes: [enforce, audit, warn].map(levelVersionText),
      errors: errors.map(({ path, detail }) => `${path}: ${detail}`),
    };
  };
  const open = "privileged:latest";

  for (const [claim, labels, expected, errors] of [
    ["ask for nothing if absent", {}, [open, open, open], []],
    [
      "warn of what they enforce",
      { enforce: "baseline", "enforce-version": "v1.30" },
      ["baseline:v1.30", open, "baseline:v1.30"],
      [],
    ],
    [
      "warn of what they say",
      { enforce: "restricted", warn: "baseline", "warn-version": "v1.20", audit: "restricted" },
      ["restricted:latest", "restricted:latest", "baseline:v1.20"],
      [],
    ],
    [
      "are strict where they can't be understood",
      { enforce: "bogus", warn: "bogus", "audit-version": "1.2" },
      ["restricted:latest", open, open],
      [
        'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "bogus": must be one of privileged, baseline, restricted',
        'metadata.labels[pod-security.kubernetes.io/audit-version]: Invalid value: "1.2": must be "latest" or "v1.x"',
        'metadata.labels[pod-security.kubernetes.io/warn]: Invalid value: "bogus": must be one of privileged, baseline, restricted',
      ],
    ],
  ] as const)
    it(claim, () => assert.deepEqual(modes(labels), { modes: expected, errors }));
});
