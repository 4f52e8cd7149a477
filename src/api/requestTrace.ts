// The way of a request through the cluster's network, hop by hop, as data.

/** Where a traced request starts. */
export type TraceSource =
  | { readonly type: "pod"; readonly namespace: string; readonly name: string }
  | { readonly type: "node"; readonly name: string }
  /** Somewhere outside of the cluster, with a way to its nodes and load balancers. */
  | { readonly type: "outside" };

/** Where it wants to go. */
export type TraceTarget =
  | { readonly type: "pod"; readonly namespace: string; readonly name: string }
  | { readonly type: "service"; readonly namespace: string; readonly name: string }
  /** A name or an IPv4 address. */
  | { readonly type: "host"; readonly host: string };

export interface TraceRequest {
  readonly from: TraceSource;
  readonly to: TraceTarget;
  /** The target's first port if absent. */
  readonly port?: number;
  readonly protocol?: "TCP" | "UDP" | "SCTP";
}

export interface DnsQuestionAsked {
  readonly name: string;
  readonly type: string;
  /** NOERROR, NXDOMAIN, TIMEOUT, … */
  readonly status: string;
  readonly data: readonly string[];
}

export type TraceHop =
  | {
      readonly type: "start";
      readonly at: string;
      readonly address: string;
      readonly node?: string;
    }
  /** The names that were tried, in order; the last one counts. */
  | {
      readonly type: "dns";
      readonly server: string;
      /** How the questions get to the server. */
      readonly way: readonly TraceHop[];
      readonly asked: readonly DnsQuestionAsked[];
      readonly address?: string;
    }
  /** The load balancer outside of the cluster passes it on to a node. */
  | { readonly type: "loadBalancer"; readonly address: string; readonly node: string }
  /** The rules of a Service on a node caught it. */
  | {
      readonly type: "service";
      readonly node: string;
      /** "default/web:http". */
      readonly service: string;
      readonly via: "clusterIP" | "externalIP" | "loadBalancer" | "nodePort";
      readonly address: string;
      readonly port: number;
      /** As iptables-save prints them, in the order in which they matched. */
      readonly rules: readonly string[];
    }
  | {
      readonly type: "endpoint";
      readonly address: string;
      readonly port: number;
      /** "default/web-1". */
      readonly pod?: string;
      readonly node?: string;
      /** How many endpoints it was chosen of, each as likely as the others. */
      readonly among: number;
      /** It was chosen because this client went there before. */
      readonly isSticky: boolean;
    }
  | {
      readonly type: "hostPort";
      readonly node: string;
      readonly pod: string;
      readonly port: number;
    }
  /** The target sees another source than the one that sent it. */
  | {
      readonly type: "masquerade";
      readonly node: string;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly type: "policy";
      readonly direction: "Ingress" | "Egress";
      readonly pod: string;
      /** NetworkPolicies that select the Pod; none leave it open. */
      readonly selectedBy: readonly string[];
      readonly allowedBy?: string;
      readonly isAllowed: boolean;
    }
  | { readonly type: "link"; readonly from: string; readonly to: string; readonly isUp: boolean }
  | {
      readonly type: "listener";
      readonly address: string;
      readonly port: number;
      readonly isOpen: boolean;
    };

/** Why a request got no further than its last hop. */
export type TraceStop =
  /** The Pod that sends it has no network (yet). */
  | "noNetwork"
  | "noName"
  | "noDns"
  /** Its policies don't let the Pod ask for names. */
  | "deniedDns"
  | "noEndpoints"
  | "noLocalEndpoints"
  | "firewall"
  | "deniedEgress"
  | "deniedIngress"
  | "nodeDown"
  | "noRoute"
  | "noListener"
  | "noSuchPort"
  | "noAddress";

export interface RequestTrace {
  readonly hops: readonly TraceHop[];
  /** Undefined if it arrived. */
  readonly stop?: TraceStop;
  /** What the client hears of it: connected, refused, timeout, noRoute, unknownHost. */
  readonly outcome: "connected" | "refused" | "timeout" | "noRoute" | "unknownHost";
}
