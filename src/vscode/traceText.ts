// A traced request as a text for people: what happened at each hop, and why it stopped. Markdown.
import type { RequestTrace, TraceHop, TraceRequest, TraceStop } from "../api/requestTrace.ts";
import { l10n } from "../base/localize.ts";

/** "Pod default/client → Service default/web:80". */
export function traceTitle({ from, to, port }: TraceRequest): string {
  const source =
    from.type === "outside"
      ? l10n.t("outside of the cluster")
      : from.type === "pod"
        ? `Pod ${from.namespace}/${from.name}`
        : l10n.t("node {0}", from.name);
  const target =
    to.type === "host"
      ? to.host
      : `${to.type === "pod" ? "Pod" : "Service"} ${to.namespace}/${to.name}`;
  return `${source} → ${target}${port === undefined ? "" : `:${port}`}`;
}

export function traceText(request: TraceRequest, trace: RequestTrace): string {
  const steps = trace.hops.flatMap((hop, i) => {
    const [first = "", ...rest] = hopLines(hop);
    return [`${i + 1}. ${first}`, ...rest.map((line) => (line === "" ? "" : `   ${line}`)), ""];
  });
  return [
    `# ${traceTitle(request)}`,
    "",
    `**${outcomeText(trace.outcome)}** ${trace.stop ? stopText(trace.stop) : ""}`.trim(),
    "",
    ...steps,
  ].join("\n");
}

function outcomeText(outcome: RequestTrace["outcome"]): string {
  switch (outcome) {
    case "connected":
      return l10n.t("The request arrives.");
    case "refused":
      return l10n.t("Connection refused.");
    case "timeout":
      return l10n.t("No answer: the client waits until it gives up.");
    case "noRoute":
      return l10n.t("No route to host.");
    case "unknownHost":
      return l10n.t("The name could not be resolved.");
  }
}

function stopText(stop: TraceStop): string {
  const texts: Readonly<Record<TraceStop, string>> = {
    noNetwork: l10n.t("The Pod that sends it has no network, because it does not run."),
    noName: l10n.t("There is no such name."),
    noDns: l10n.t("No DNS server answers: does CoreDNS run?"),
    deniedDns: l10n.t("A NetworkPolicy of the sender does not allow port 53 of the DNS server."),
    noEndpoints: l10n.t("The Service has no endpoint: no ready Pod matches its selector."),
    noLocalEndpoints: l10n.t(
      "Traffic must stay on this node, and the Service has no endpoint here.",
    ),
    firewall: l10n.t("loadBalancerSourceRanges does not contain the client's address."),
    deniedEgress: l10n.t("A NetworkPolicy of the sender does not allow it."),
    deniedIngress: l10n.t("A NetworkPolicy of the target does not allow it."),
    nodeDown: l10n.t("A node on the way can't be reached."),
    noRoute: l10n.t("Nobody has that address: the Pod is gone."),
    noListener: l10n.t("The target's machine answers that nobody listens at this port."),
    noSuchPort: l10n.t("The Service does not have this port, so that no rule speaks of it."),
    noAddress: l10n.t("No network that can be reached has this address."),
  };
  return texts[stop];
}

function hopLines(hop: TraceHop): readonly string[] {
  switch (hop.type) {
    case "start":
      return [startText(hop)];
    case "dns":
      return dnsLines(hop);
    case "loadBalancer":
      return [l10n.t("The load balancer at {0} picks the node {1}.", hop.address, hop.node)];
    case "service":
      return serviceLines(hop);
    case "endpoint":
      return [endpointText(hop)];
    case "hostPort":
      return [
        l10n.t("The hostPort {0} of {1} belongs to the Pod {2}.", hop.port, hop.node, hop.pod),
      ];
    case "masquerade":
      return [
        l10n.t("{0} replaces the source {1} with its own address {2}.", hop.node, hop.from, hop.to),
      ];
    case "policy":
      return [policyText(hop)];
    case "link":
      return [linkText(hop)];
    case "listener":
      return [
        hop.isOpen
          ? l10n.t("At {0}:{1} somebody listens.", hop.address, hop.port)
          : l10n.t("At {0}:{1} nobody listens.", hop.address, hop.port),
      ];
  }
}

type Hop<Type extends TraceHop["type"]> = Extract<TraceHop, { readonly type: Type }>;

function startText({ at, address, node }: Hop<"start">): string {
  if (at === "") return l10n.t("A client outside of the cluster at {0} sends a request.", address);
  if (node === undefined || node === at)
    return l10n.t("{0} ({1}) sends a request.", at, address || l10n.t("without an address"));
  return l10n.t(
    "{0} ({1}) on {2} sends a request.",
    at,
    address || l10n.t("without an address"),
    node,
  );
}

function dnsLines({ server, asked, way }: Hop<"dns">): readonly string[] {
  const refusal = way.find((hop) => hop.type === "policy" && !hop.isAllowed);
  return [
    l10n.t("The DNS server {0} is asked for the name.", server),
    ...(refusal ? hopLines(refusal).map((line) => `- ${line}`) : []),
    ...asked.map(
      ({ name, type, status, data }) => `- \`${name}\` ${type} → ${[status, ...data].join(" ")}`,
    ),
  ];
}

function serviceLines({ node, service, via, address, port, rules }: Hop<"service">) {
  const what = {
    clusterIP: "cluster IP",
    externalIP: "external IP",
    loadBalancer: "load balancer IP",
    nodePort: "node port",
  }[via];
  return [
    l10n.t(
      "kube-proxy's rules on {0} catch {1}:{2} for {3} ({4}).",
      node,
      address,
      port,
      service,
      what,
    ),
    "",
    "```text",
    ...rules,
    "```",
  ];
}

function endpointText({ address, port, pod, node, among, isSticky }: Hop<"endpoint">): string {
  const target = `${address}:${port}`;
  const owner = pod === undefined ? target : `${target} (Pod ${pod}, ${node ?? "?"})`;
  if (isSticky) return l10n.t("It goes to the endpoint {0}, where this client went before.", owner);
  const share = `${Math.round(1_000 / Math.max(1, among)) / 10} %`;
  return l10n.t("It goes to the endpoint {0}, one of {1}: {2} each.", owner, among, share);
}

function policyText({ direction, pod, selectedBy, allowedBy, isAllowed }: Hop<"policy">): string {
  if (selectedBy.length === 0)
    return l10n.t("{0} of {1}: no NetworkPolicy selects the Pod, it is open.", direction, pod);
  if (isAllowed)
    return l10n.t("{0} of {1}: allowed by the NetworkPolicy {2}.", direction, pod, allowedBy ?? "");
  return l10n.t(
    "{0} of {1}: denied. It is selected by {2}, and no rule of them allows it.",
    direction,
    pod,
    selectedBy.join(", "),
  );
}

function linkText({ from, to, isUp }: Hop<"link">): string {
  const place = (name: string): string => (name === "" ? l10n.t("the outside") : name);
  return isUp
    ? l10n.t("The packet goes from {0} to {1}.", place(from), place(to))
    : l10n.t("The packet does not get from {0} to {1}.", place(from), place(to));
}
