// The network of a process that has none: no address, and nobody who answers.
import { type Disposable, disposable } from "../../../../src/base/disposable.ts";
import type {
  ContainerNetwork,
  DnsQuestion,
} from "../../../../src/engine/network/containerNetwork.ts";
import type { DnsAnswer, DnsType } from "../../../../src/engine/network/dns/dnsRecord.ts";
import type { Steps } from "../../../../src/engine/node/steps.ts";

export const noNetwork: ContainerNetwork & Disposable = {
  dispose: () => undefined,
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
