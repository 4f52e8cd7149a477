// Commands on the cluster's network: the way of a request, kube-proxy's rules, and the user's browser.
import { env, type QuickPickItem, Uri, window } from "vscode";
import type { ForwardTarget } from "../api/forwardTarget.ts";
import { Node } from "../api/kinds/node.ts";
import { Pod } from "../api/kinds/pod/kind.ts";
import { Service } from "../api/kinds/service.ts";
import { type ProxyRuleForm, proxyRuleForms } from "../api/proxyRuleForm.ts";
import type { TraceRequest, TraceSource, TraceTarget } from "../api/requestTrace.ts";
import type { Pod as PodObject, Service as ServiceObject } from "../api/types.ts";
import { l10n } from "../base/localize.ts";
import type { Cluster } from "../client/cluster.ts";
import { commands } from "./commandIds.ts";
import type { LiveClusters } from "./liveCluster.ts";
import type { NetworkDocuments } from "./networkDocuments.ts";
import type { CommandHandlers } from "./simulatorCommands.ts";
import type { TreeElement } from "./treeElements.ts";

export function networkCommands(
  clusters: LiveClusters,
  documents: NetworkDocuments,
): CommandHandlers {
  return {
    [commands.traceRequest]: async (argument) => {
      const { cluster } = await clusters.ready();
      const from = sourceOf(argument) ?? (await pickSource(cluster));
      const aim = from && (await pickTarget(cluster));
      if (from && aim) await documents.trace({ from, ...aim });
    },
    [commands.openInBrowser]: async (argument) => {
      const { cluster } = await clusters.ready();
      const target = await pickForward(argument as TreeElement | undefined, cluster);
      if (!target) return;
      const port = await cluster.simulator.network.forward(target);
      await env.openExternal(Uri.parse(`http://127.0.0.1:${port}/`));
    },
    [commands.showProxyRules]: async (argument) => {
      const { cluster } = await clusters.ready();
      const element = argument as TreeElement | undefined;
      const node = element?.type === "nodePart" ? element.node : await pickNode(cluster);
      const form = node === undefined ? undefined : await pickForm();
      if (node !== undefined && form) await documents.rules(node, form);
    },
  };
}

function sourceOf(argument: unknown): TraceSource | undefined {
  const element = argument as TreeElement | undefined;
  if (element?.type === "pod") return { type: "pod", ...element.key };
  return element?.type === "node" ? { type: "node", name: element.name } : undefined;
}

interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

async function pickSource({ client }: Cluster): Promise<TraceSource | undefined> {
  const [pods, nodes] = await Promise.all([client.list(Pod), client.list(Node)]);
  const items: Choice<TraceSource>[] = [
    { label: l10n.t("Outside of the cluster"), value: { type: "outside" } },
    ...pods.items.map(({ metadata: { namespace = "", name } }) => ({
      label: `${namespace}/${name}`,
      description: "Pod",
      value: { type: "pod", namespace, name } as const,
    })),
    ...nodes.items.map(({ metadata: { name } }) => ({
      label: name,
      description: l10n.t("node"),
      value: { type: "node", name } as const,
    })),
  ];
  const placeHolder = l10n.t("Where does the request start?");
  return (await window.showQuickPick(items, { placeHolder }))?.value;
}

type Aim = Pick<TraceRequest, "to" | "port" | "protocol">;

async function pickTarget({ client }: Cluster): Promise<Aim | undefined> {
  const [services, pods] = await Promise.all([client.list(Service), client.list(Pod)]);
  const items: Choice<Aim | undefined>[] = [
    ...services.items.flatMap(({ metadata: { namespace = "", name }, spec }) => {
      const to: TraceTarget = { type: "service", namespace, name };
      return (spec.ports ?? [{ port: 80, protocol: "TCP" as const }]).map(
        ({ port, protocol = "TCP" }) => ({
          label: `${namespace}/${name}:${port}`,
          description: `Service, ${protocol}`,
          value: { to, port, protocol },
        }),
      );
    }),
    ...pods.items.map(({ metadata: { namespace = "", name } }) => ({
      label: `${namespace}/${name}`,
      description: "Pod",
      value: { to: { type: "pod", namespace, name } as const },
    })),
    { label: l10n.t("Another name or address…"), value: undefined },
  ];
  const placeHolder = l10n.t("Where does the request go?");
  const picked = await window.showQuickPick(items, { placeHolder });
  return picked && (picked.value ?? (await askHost()));
}

async function askHost(): Promise<Aim | undefined> {
  const text = await window.showInputBox({
    prompt: l10n.t("A name or an address, and a port: example.com:80"),
    validateInput: (value) =>
      /^[\w.-]+(:\d{1,5})?$/.test(value) ? undefined : l10n.t("This is no name with a port."),
  });
  if (text === undefined) return undefined;
  const [host = "", port] = text.split(":");
  return { to: { type: "host", host }, ...(port === undefined ? {} : { port: Number(port) }) };
}

/** A port of the Pod in the tree, or of any Service. */
async function pickForward(
  element: TreeElement | undefined,
  { client }: Cluster,
): Promise<ForwardTarget | undefined> {
  const targets =
    element?.type === "pod"
      ? podTargets(await client.get(Pod, element.key))
      : (await client.list(Service)).items.flatMap(serviceTargets);
  const items = targets.map((value) => ({
    label: `${value.namespace}/${value.name}:${value.port}`,
    description: value.type === "pod" ? "Pod" : "Service",
    value,
  }));
  if (items.length === 1) return items[0]?.value;
  const placeHolder = l10n.t("What should the browser open?");
  return (await window.showQuickPick(items, { placeHolder }))?.value;
}

/** What does not say its ports is taken for a web server. */
function podTargets({ metadata, spec }: PodObject): readonly ForwardTarget[] {
  const { namespace = "", name } = metadata;
  const ports = spec.containers
    .flatMap(({ ports: declared = [] }) => declared)
    .filter(({ protocol = "TCP" }) => protocol === "TCP")
    .map(({ containerPort }) => containerPort);
  return (ports.length > 0 ? ports : [80]).map((port) => ({ type: "pod", namespace, name, port }));
}

function serviceTargets({ metadata, spec }: ServiceObject): readonly ForwardTarget[] {
  const { namespace = "", name } = metadata;
  return (spec.ports ?? [])
    .filter(({ protocol = "TCP" }) => protocol === "TCP")
    .map(({ port }) => ({ type: "service", namespace, name, port }));
}

async function pickNode({ client }: Cluster): Promise<string | undefined> {
  const { items } = await client.list(Node);
  const names = items.map(({ metadata }) => metadata.name);
  return window.showQuickPick(names, { placeHolder: l10n.t("Choose a node") });
}

async function pickForm(): Promise<ProxyRuleForm | undefined> {
  const items = proxyRuleForms.map((form) => ({
    label: form,
    description:
      form === "iptables"
        ? l10n.t("with how often each rule matched")
        : l10n.t("as they would be in that mode"),
  }));
  const placeHolder = l10n.t("In which form?");
  const picked = await window.showQuickPick(items, { placeHolder });
  return proxyRuleForms.find((form) => form === picked?.label);
}
