// What a trace of a request needs to know of the cluster, from the cluster's own parts.
import type { ObjectKey } from "../../api/object.ts";
import type { Pod } from "../../api/types.ts";
import type { Random } from "../../base/random.ts";
import type { Steps } from "../node/steps.ts";
import type { ClusterNames } from "./dns/clusterZone.ts";
import { coreDnsReply } from "./dns/coreDns.ts";
import { parseCorefile } from "./dns/corefile.ts";
import type { DnsAnswer } from "./dns/dnsRecord.ts";
import { parseResolvConf } from "./dns/resolvConf.ts";
import type { Network } from "./network.ts";
import type { Place } from "./networkNamespace.ts";
import { gatewayAddress } from "./podNetwork.ts";
import type { TraceWorld } from "./traceRequest.ts";
import { worldAnswer } from "./world.ts";

export interface ClusterParts {
  readonly network: Network;
  readonly names: ClusterNames;
  readonly random: Random;
  /** CoreDNS's configuration as it stands; "" if there is none. */
  readonly corefile: string;
  pod(key: ObjectKey): Pod | undefined;
  /** The text of a Pod's /etc/resolv.conf. */
  resolvConf(pod: Pod): string;
}

export function traceWorld(parts: ClusterParts): TraceWorld {
  const { network, names, random, resolvConf } = parts;
  return {
    network,
    names,
    random,
    machines: network.listMachines(),
    pod: (namespace, name) => parts.pod({ namespace, name }),
    resolverOf: (pod) => parseResolvConf(resolvConf(pod)),
    wouldAnswer: (server, name) => wouldAnswer(server, name, parts),
  };
}

function wouldAnswer(
  { address }: Place,
  name: string,
  { corefile, names }: ClusterParts,
): DnsAnswer {
  const question = { name, type: "A" } as const;
  const said = (answer: Partial<DnsAnswer>): DnsAnswer => ({
    status: "SERVFAIL",
    question,
    records: [],
    authority: [],
    isAuthoritative: false,
    isRecursionAvailable: true,
    id: 0,
    server: { address, port: 53 },
    ...answer,
  });
  if (address === gatewayAddress) return said(worldAnswer(question));
  const blocks = parseCorefile(corefile, "Corefile");
  if ("error" in blocks) return said({});
  const query = {
    ...said({ status: "NOERROR" }),
    status: "NOERROR" as const,
    isAnswer: false,
    isRecursionDesired: true,
  };
  const world = {
    names,
    serial: 0,
    readFile: (path: string) =>
      path === "/etc/resolv.conf" ? `nameserver ${gatewayAddress}\n` : undefined,
    *ask(asked: typeof question): Steps<DnsAnswer> {
      // Nothing is sent, so that there is nothing to wait for.
      yield* [];
      return said(worldAnswer(asked));
    },
    below: () => 0,
  };
  return said(atOnce(coreDnsReply(query, { blocks, port: 53, world })) ?? {});
}

/** What steps that wait for nothing come to. */
function atOnce<Result>(steps: Steps<Result>): Result | undefined {
  const { done, value } = steps.next();
  return done ? value : undefined;
}
