// The network of a process that has none: no address, and nobody who answers.
import { disposable } from "../../../base/disposable.ts";
import type { ContainerNetwork, DnsQuestion } from "../../network/containerNetwork.ts";
import type { DnsAnswer, DnsType } from "../../network/dns/dnsRecord.ts";
import type { Steps } from "../steps.ts";

export const noNetwork: ContainerNetwork = {
  addresses: [],
  resolve: (name, type) => atOnce(nobodyAnswers(name, type)),
  query: ({ name, type, server }: DnsQuestion) => atOnce(nobodyAnswers(name, type, server)),
  lookup: () => atOnce({ failure: "tryAgain" }),
  connect: () => atOnce({ failure: "unreachable" }),
  listen: (_protocol, port) => ({ port, ...disposable(() => undefined) }),
};

// biome-ignore lint/correctness/useYield: there is nothing to wait for
function* atOnce<Result>(result: Result): Steps<Result> {
  return result;
}

function nobodyAnswers(
  name: string,
  type: DnsType,
  server: DnsAnswer["server"] = { address: "127.0.0.1", port: 53 },
): DnsAnswer {
  return {
    status: "UNREACHABLE",
    question: { name, type },
    records: [],
    authority: [],
    isAuthoritative: false,
    isRecursionAvailable: false,
    id: 0,
    server,
  };
}
