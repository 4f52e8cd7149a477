import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ManifestChecker } from "../../../src/language/manifestChecker.ts";
import { ObjectIndex } from "../../../src/language/objectIndex.ts";
import { rules } from "../../../src/language/rules/index.ts";
import { type RuleSeverity, ruleLink } from "../../../src/language/rules/rule.ts";

function found(
  text: string,
  {
    others = "",
    severities = {},
  }: { others?: string; severities?: Record<string, RuleSeverity> } = {},
): string[] {
  const index = new ObjectIndex();
  index.set("this", text);
  index.set("others", others);
  return new ManifestChecker()
    .checkRules(text, index, severities)
    .map(
      ({ rule, message, start, end }) =>
        `${rule} at ${text.slice(start, end)}: ${message.args.join(" | ")}`,
    );
}

const settings =
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {color: blue}\n";

function pod(container: string, labels = "{app: web}"): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: ${labels}}\nspec:\n  containers:\n  - name: c\n    image: nginx:1.27\n${container.replace(/^/gm, "    ")}\n`;
}

const keyRef = (name: string, key: string, more = ""): string =>
  `env: [{name: COLOR, valueFrom: {configMapKeyRef: {name: ${name}, key: ${key}${more}}}}]`;

const service = (selector: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: ${selector}, ports: [{port: 80}]}\n`;

const ingress = (port: number): string =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {defaultBackend: {service: {name: web, port: {number: ${port}}}}}\n`;

describe("rules beyond the server's", () => {
  for (const [claim, text, options, expected] of [
    [
      "a name that exists in another text",
      pod(keyRef("settings", "color")),
      { others: settings },
      [],
    ],
    [
      "a name that exists nowhere",
      pod(keyRef("setings", "color")),
      { others: settings },
      ["missingReference at setings: ConfigMap | setings"],
    ],
    ["a name that may be missing", pod(keyRef("none", "color", ", optional: true")), {}, []],
    [
      "a key that the ConfigMap lacks",
      pod(keyRef("settings", "colour")),
      { others: settings },
      ["missingKey at colour: ConfigMap | settings | colour | color"],
    ],
    ["a selector that a Pod meets", service("{app: web}"), { others: pod("") }, []],
    [
      "a selector that none meets",
      service("{app: wep}"),
      { others: pod("") },
      ["selectsNothing at wep: app=wep"],
    ],
    ["an Ingress to a port that is there", ingress(80), { others: service("{app: web}") }, []],
    [
      "an Ingress to a port that is not",
      ingress(8080),
      { others: service("{app: web}") },
      ["ingressPort at 8080: web | 8080 | 80"],
    ],
    [
      "two containers on one port",
      pod("ports: [{containerPort: 80}]").concat(
        "  - name: d\n    image: redis:7\n    ports: [{containerPort: 80}]\n",
      ),
      {},
      ["portClash at 80: 80"],
    ],
    [
      "a key that a volume asks for in vain",
      `${pod("")}  volumes: [{name: v, configMap: {name: settings, items: [{key: shape, path: x}]}}]\n`,
      { others: settings },
      ["missingKey at shape: ConfigMap | settings | shape | color"],
    ],
    [
      "a probe of a port by a name that none has",
      pod("ports: [{name: web, containerPort: 80}]\nlivenessProbe: {httpGet: {port: http}}"),
      {},
      ["probePort at http: http"],
    ],
    [
      "no fault in a probe of a number that is not declared",
      pod("livenessProbe: {tcpSocket: {port: 80}}"),
      {},
      [],
    ],
    [
      "an autoscaler of what is not there",
      "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: wep}}\n",
      {},
      ["missingReference at wep: Deployment | wep"],
    ],
    ["nothing of what is off", pod("").replace(":1.27", ""), {}, []],
    [
      "what the user has switched on",
      pod("").replace(":1.27", ""),
      { severities: { latestTag: "information" } as Record<string, RuleSeverity> },
      ["latestTag at nginx: nginx"],
    ],
    [
      "nothing in a Helm template",
      `${pod(keyRef("none", "x"))}\n# {{ .Values.a }}\nx: {{ .Values.b }}\n`,
      {},
      [],
    ],
  ] as const)
    it(`finds ${claim}`, () => {
      // Of a text about one thing only.
      const own = found(text, options).filter((line) => !line.includes("Service | web"));
      assert.deepEqual(own, expected);
    });
});

describe("a finding", () => {
  for (const [claim, text, others, replacements] of [
    ["names what exists, nearest first", pod(keyRef("setings", "color")), settings, ["settings"]],
    ["names the keys there are", pod(keyRef("settings", "colour")), settings, ["color"]],
    ["names the labels there are", service("{app: wep}"), pod(""), ["web"]],
    ["names the ports there are", ingress(8080), service("{app: web}"), ["80"]],
  ] as const)
    it(claim, () => {
      const index = new ObjectIndex();
      index.set("others", others);
      const [first] = new ManifestChecker().checkRules(text, index);
      assert.deepEqual(first?.replacements, replacements);
    });

  it("follows the other texts, though its own stays the same", () => {
    const index = new ObjectIndex();
    const checker = new ManifestChecker();
    const text = pod(keyRef("settings", "color"));
    assert.equal(checker.checkRules(text, index).length, 1);
    index.set("others", settings);
    assert.equal(checker.checkRules(text, index).length, 0);
    index.delete("others");
    assert.equal(checker.checkRules(text, index).length, 1);
  });
});

describe("every rule", () => {
  const page = readFileSync(new URL("../../../docs/rules.md", import.meta.url), "utf8");
  for (const { name, severity } of rules)
    it(`${name} is explained where its link leads, with its severity`, () => {
      assert.ok(ruleLink(name).endsWith(`docs/rules.md#${name.toLowerCase()}`));
      assert.match(page, new RegExp(`^## ${name}\n\n\\*${severity}\\* · `, "m"));
    });
});
