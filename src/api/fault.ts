// What one may break, as data.

/** The components of the control plane that can be stopped. */
export type ControlPlaneComponent = "kube-scheduler" | "kube-controller-manager";

export type Fault =
  /** The machine loses power: its kubelet falls silent, its containers are gone. */
  | { readonly type: "powerOff"; readonly node: string }
  /** The component's process is stopped; the API stays. */
  | { readonly type: "stopComponent"; readonly component: ControlPlaneComponent };

/** Two faults are the same if healing one heals the other. */
export function faultKey(fault: Fault): string {
  return fault.type === "powerOff" ? `powerOff/${fault.node}` : `stopComponent/${fault.component}`;
}
