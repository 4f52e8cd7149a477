// What a port of the user's machine can lead to.

export interface ForwardTarget {
  readonly type: "pod" | "service";
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}
