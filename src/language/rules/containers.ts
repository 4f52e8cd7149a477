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
  look: (place: Place) => Iterable<Finding>,
): Rule {
  return {
    name,
    severity,
    *claims({ object }): Iterable<Claim> {
      for (const template of podTemplatesOf(object))
        for (const place of placesOf(template))
          for (const finding of look(place)) yield () => finding;
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
export const portClash: Rule = {
  name: "portClash",
  severity: "warning",
  *claims({ object }): Iterable<Claim> {
    for (const template of podTemplatesOf(object)) {
      const owners = new Map<string, Container>();
      const numbers = portNumbers(template.pod.spec.containers);
      for (const { container, at } of placesOf(template))
        for (const [i, { containerPort, protocol }] of (container.ports ?? []).entries()) {
          const port = `${containerPort}/${protocol}`;
          const owner = owners.get(port) ?? container;
          owners.set(port, owner);
          const range = owner === container ? undefined : at("ports", i, "containerPort");
          if (range) yield () => clash(range, containerPort, numbers);
        }
    }
  },
};

function portNumbers(containers: readonly Container[]): ReadonlySet<number> {
  return new Set(
    containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort)),
  );
}

function clash(range: Range, port: number, taken: ReadonlySet<number>): Finding {
  let free = port + 1;
  while (taken.has(free)) free++;
  const message = { key: "rule.portClash", args: [String(port)] };
  return { range, message, replacements: [String(free)] };
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
