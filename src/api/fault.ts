// What one may break, as data.

/** The components of the control plane that can be stopped. */
export type ControlPlaneComponent = "kube-apiserver" | "kube-scheduler" | "kube-controller-manager";

/** The agents of a machine that can be stopped. */
export type NodeService = "kubelet" | "kube-proxy";

/** What a machine can run out of. */
export type PressedResource = "memory" | "disk";

export type Fault =
  /** The machine loses power: its kubelet falls silent, its containers are gone. */
  | { readonly type: "powerOff"; readonly node: string }
  /** The component's process is stopped. Where it is a static Pod, its manifest is moved away. */
  | { readonly type: "stopComponent"; readonly component: ControlPlaneComponent }
  /** One controller of kube-controller-manager does not run, as with --controllers=*,-NAME. */
  | { readonly type: "stopController"; readonly controller: string }
  /** The agent is stopped; containers that run, and rules that are written, stay. */
  | { readonly type: "stopNodeService"; readonly node: string; readonly service: NodeService }
  /** The machine is off the link: its Pods run on, and neither the control plane nor others hear of it. */
  | { readonly type: "cutOffNode"; readonly node: string }
  /** So many in a hundred of the kubelet's reports are lost on their way. */
  | { readonly type: "loseHeartbeats"; readonly node: string; readonly percent: number }
  /** The kubelet's reports arrive so many milliseconds later. */
  | { readonly type: "delayHeartbeats"; readonly node: string; readonly byMs: number }
  /** Something beside the Pods takes what is left of it. */
  | { readonly type: "pressure"; readonly node: string; readonly resource: PressedResource }
  /** The machine's clock is so many milliseconds ahead, or behind if that is negative. */
  | { readonly type: "skewClock"; readonly node: string; readonly byMs: number }
  /** So many in a hundred packets into and out of the machine are lost. */
  | { readonly type: "losePackets"; readonly node: string; readonly percent: number }
  /** No image registry answers. */
  | { readonly type: "stopRegistries" }
  /** SIGKILL for a container's process. It has happened at once: there is nothing to undo. */
  | {
      readonly type: "killContainer";
      readonly namespace: string;
      readonly pod: string;
      readonly container: string;
    }
  /** The member's process is killed; its log stays. */
  | { readonly type: "stopEtcdMember"; readonly member: string }
  /** The member runs, but neither its peers nor kube-apiserver hear it. */
  | { readonly type: "cutOffEtcdMember"; readonly member: string };

/** Faults of one machine that its kubelet and its network meet. */
const machineFaults = [
  "cutOffNode",
  "loseHeartbeats",
  "delayHeartbeats",
  "pressure",
  "skewClock",
  "losePackets",
] as const;

export type MachineFault = Extract<Fault, { readonly type: (typeof machineFaults)[number] }>;

export function isMachineFault(fault: Fault): fault is MachineFault {
  return machineFaults.some((type) => type === fault.type);
}

/** Two faults are the same if healing one heals the other, however strong they are. */
export function faultKey(fault: Fault): string {
  switch (fault.type) {
    case "stopRegistries":
      return fault.type;
    case "stopComponent":
      return `${fault.type}/${fault.component}`;
    case "stopController":
      return `${fault.type}/${fault.controller}`;
    case "stopNodeService":
      return `${fault.type}/${fault.node}/${fault.service}`;
    case "stopEtcdMember":
    case "cutOffEtcdMember":
      return `${fault.type}/${fault.member}`;
    case "pressure":
      return `${fault.type}/${fault.node}/${fault.resource}`;
    case "killContainer":
      return `${fault.type}/${fault.namespace}/${fault.pod}/${fault.container}`;
    default:
      return `${fault.type}/${fault.node}`;
  }
}
