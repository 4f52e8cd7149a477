// Rules about the containers of a Pod by itself.
import type { Container } from "../../api/types.ts";
import type { Range } from "../../base/yaml/yamlTree.ts";
import { type PodTemplate, podTemplatesOf } from "../podTemplates.ts";
import type { Claim, Finding, Rule } from "./rule.ts";

interface Place {
  readonly container: Container;
  at(...fields: readonly (string | number)[]): Range | undefined;
}

function containerRule(
  name: string,
  severity: Rule["severity"],
  look: (place: Place, all: readonly Container[]) => Iterable<Finding>,
): Rule {
  return {
    name,
    severity,
    *claims({ object }): Iterable<Claim> {
      for (const template of podTemplatesOf(object))
        for (const place of placesOf(template))
          for (const finding of look(place, template.pod.spec.containers)) yield () => finding;
    },
  };
}

function placesOf({ document, path, pod }: PodTemplate): readonly Place[] {
  return pod.spec.containers.map((container, i) => {
    const own = path.child("spec", "containers").index(i);
    return {
      container,
      at(...steps) {
        const field = steps.reduce(
          (to, step) => (typeof step === "number" ? to.index(step) : to.child(step)),
          own,
        );
        const place = document.locate(field);
        return place?.missing.length === 0 ? place.node.range : undefined;
      },
    };
  });
}

/** Two containers of a Pod share its address: one of them can't listen. */
export const portClash = containerRule("portClash", "warning", function* ({ container, at }, all) {
  const others = all.slice(0, all.indexOf(container)).flatMap(({ ports = [] }) => ports);
  for (const [i, { containerPort, protocol }] of (container.ports ?? []).entries()) {
    const isTaken = others.some(
      (port) => port.containerPort === containerPort && port.protocol === protocol,
    );
    const range = at("ports", i, "containerPort");
    if (isTaken && range)
      yield {
        range,
        message: { key: "rule.portClash", args: [String(containerPort)] },
        replacements: [String(freePort(containerPort, all))],
      };
  }
});

function freePort(from: number, all: readonly Container[]): number {
  const taken = all.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort));
  let port = from + 1;
  while (taken.includes(port)) port++;
  return port;
}

export const latestTag = containerRule(
  "latestTag",
  "off",
  function* ({ container: { image = "" }, at }) {
    const tag = /:([^/@]+)$/.exec(image)?.[1];
    const range = at("image");
    if (range && !image.includes("@") && (tag === undefined || tag === "latest"))
      yield { range, message: { key: "rule.latestTag", args: [image] } };
  },
);

export const noRequests = containerRule(
  "noRequests",
  "off",
  function* ({ container: { name, resources }, at }) {
    const range = at("name");
    if (range && !resources?.requests)
      yield { range, message: { key: "rule.noRequests", args: [name] } };
  },
);

/** A name that no port has: the kubelet can't tell where to ask, and the probe fails. */
export const probePort = containerRule("probePort", "warning", (place) =>
  undeclaredPorts(place, "string"),
);

/** Ports need not be declared: a number that is not may be open all the same. */
export const probePortNumber = containerRule("probePortNumber", "off", (place) =>
  undeclaredPorts(place, "number"),
);

function* undeclaredPorts({ container, at }: Place, type: "string" | "number"): Iterable<Finding> {
  const declared = (container.ports ?? []).flatMap(({ containerPort, name }) => [
    containerPort,
    ...(name ? [name] : []),
  ]);
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"] as const)
    for (const action of ["httpGet", "tcpSocket"] as const) {
      const port = container[probe]?.[action]?.port;
      const range = at(probe, action, "port");
      if (typeof port === type && range && !declared.includes(port as string | number))
        yield {
          range,
          message: { key: "rule.probePort", args: [String(port)] },
          replacements: declared.map(String),
        };
    }
}
