// What people ask of a cluster's network: the way of a request, and the rules of a node's kube-proxy.
import { ConfigMap } from "../api/kinds/configMap.ts";
import type { ProxyRuleForm } from "../api/proxyRuleForm.ts";
import type { RequestTrace, TraceRequest } from "../api/requestTrace.ts";
import { hasReason } from "../api/status.ts";
import type { Random } from "../base/random.ts";
import { coreDnsConfigKey } from "./bootstrap/kubeadm/coreDns.ts";
import type { LocalClient } from "./localClient.ts";
import type { Machines } from "./machines.ts";
import { traceRequest } from "./network/traceRequest.ts";
import { traceWorld } from "./network/traceWorld.ts";

export interface NetworkControlWorld {
  readonly machines: Machines;
  readonly client: LocalClient;
  readonly random: Random;
}

export class NetworkControl {
  constructor(private readonly world: NetworkControlWorld) {}

  /** Follows a request through the network as it stands. @throws ApiError NotFound */
  trace(request: TraceRequest): RequestTrace {
    const { machines, random } = this.world;
    const { network, names } = machines;
    return traceRequest(
      request,
      traceWorld({
        network,
        names,
        random,
        corefile: this.corefile(),
        pod: (key) => machines.pod(key),
        resolvConf: (pod) => machines.resolvConf(pod),
      }),
    );
  }

  /** A node's rules for Services, as its tools print them. @throws Error if there is no such machine */
  rules(node: string, form: ProxyRuleForm): string {
    const proxy = this.world.machines.proxy(node);
    if (!proxy) throw new Error(`there is no machine called ${node}`);
    return form === "iptables" ? proxy.iptablesText() : proxy.nftablesText();
  }

  private corefile(): string {
    try {
      return this.world.client.get(ConfigMap, coreDnsConfigKey).data?.Corefile ?? "";
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
      return "";
    }
  }
}
