// Rules about the containers of a Pod by itself.
import type { FieldPath } from "../../api/fieldPath.ts";
import type { Container } from "../../api/types.ts";
import type { Range } from "../../base/yaml/yamlTree.ts";
import { type PodTemplate, podTemplatesOf } from "../podTemplates.ts";
import { concepts, type Finding, type Rule, type RuleContext } from "./rule.ts";

interface Place {
  readonly container: Container;
  readonly path: FieldPath;
  at(...fields: readonly string[]): Range | undefined;
}

function containerRule(
  name: string,
  severity: Rule["severity"],
  link: string,
  look: (place: Place, all: readonly Container[]) => Iterable<Finding>,
): Rule {
  return {
    name,
    severity,
    link,
    *check({ object }: RuleContext) {
      for (const template of podTemplatesOf(object))
        for (const place of placesOf(template)) yield* look(place, template.pod.spec.containers);
    },
  };
}

function placesOf({ document, path, pod }: PodTemplate): readonly Place[] {
  return pod.spec.containers.map((container, i) => {
    const own = path.child("spec", "containers").index(i);
    return {
      container,
      path: own,
      at(...fields) {
        const place = document.locate(own.child(...fields));
        return place?.missing.length === 0 ? place.node.range : place?.keyRange;
      },
    };
  });
}

/** Two containers of a Pod share its address: one of them can't listen. */
export const portClash = containerRule(
  "portClash",
  "warning",
  `${concepts}/workloads/pods/#pod-networking`,
  function* ({ container, at }, all) {
    const others = all.slice(0, all.indexOf(container)).flatMap(({ ports = [] }) => ports);
    for (const { containerPort, protocol } of container.ports ?? []) {
      const taken = others.some(
        (port) => port.containerPort === containerPort && port.protocol === protocol,
      );
      const range = at("ports");
      if (taken && range)
        yield { range, message: { key: "rule.portClash", args: [String(containerPort)] } };
    }
  },
);

export const latestTag = containerRule(
  "latestTag",
  "off",
  `${concepts}/containers/images/#image-names`,
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
  `${concepts}/configuration/manage-resources-containers/`,
  function* ({ container: { name, resources }, at }) {
    const range = at("name");
    if (range && !resources?.requests)
      yield { range, message: { key: "rule.noRequests", args: [name] } };
  },
);

/** What a probe asks must be served by somebody; ports need not be declared, so it is a mere note. */
export const probePort = containerRule(
  "probePort",
  "off",
  `${concepts}/configuration/liveness-readiness-startup-probes/`,
  function* ({ container, at }) {
    const declared = (container.ports ?? []).flatMap(({ containerPort, name }) => [
      containerPort,
      ...(name ? [name] : []),
    ]);
    for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"] as const)
      for (const action of ["httpGet", "tcpSocket"] as const) {
        const port = container[probe]?.[action]?.port;
        const range = at(probe, action, "port");
        if (port !== undefined && range && !declared.includes(port))
          yield { range, message: { key: "rule.probePort", args: [String(port)] } };
      }
  },
);
