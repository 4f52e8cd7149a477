// What one may break, as data.

/** The components of the control plane that can be stopped. */
export type ControlPlaneComponent = "kube-apiserver" | "kube-scheduler" | "kube-controller-manager";

/** The agents of a machine that can be stopped. */
export type NodeService = "kubelet" | "kube-proxy";

export type Fault =
  /** The machine loses power: its kubelet falls silent, its containers are gone. */
  | { readonly type: "powerOff"; readonly node: string }
  /** The component's process is stopped. Where it is a static Pod, its manifest is moved away. */
  | { readonly type: "stopComponent"; readonly component: ControlPlaneComponent }
  /** One controller of kube-controller-manager does not run, as with --controllers=*,-NAME. */
  | { readonly type: "stopController"; readonly controller: string }
  /** The agent is stopped; containers that run, and rules that are written, stay. */
  | { readonly type: "stopNodeService"; readonly node: string; readonly service: NodeService }
  /** The member's process is killed; its log stays. */
  | { readonly type: "stopEtcdMember"; readonly member: string }
  /** The member runs, but neither its peers nor kube-apiserver hear it. */
  | { readonly type: "cutOffEtcdMember"; readonly member: string };

/** Two faults are the same if healing one heals the other. */
export function faultKey(fault: Fault): string {
  switch (fault.type) {
    case "powerOff":
      return `powerOff/${fault.node}`;
    case "stopComponent":
      return `stopComponent/${fault.component}`;
    case "stopController":
      return `stopController/${fault.controller}`;
    case "stopNodeService":
      return `stopNodeService/${fault.node}/${fault.service}`;
    case "stopEtcdMember":
    case "cutOffEtcdMember":
      return `${fault.type}/${fault.member}`;
  }
}
