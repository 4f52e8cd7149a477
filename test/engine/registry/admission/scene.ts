// A cluster without machines, for what the server makes of what it is sent.
import type { Kind } from "../../../../src/api/kind.ts";
import type { KubeObject } from "../../../../src/api/object.ts";
import { Engine } from "../../../../src/engine/engine.ts";
import type { LocalClient } from "../../../../src/engine/localClient.ts";

export class Scene {
  readonly engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec: { machines: [] } });

  constructor() {
    this.settle();
  }

  get client(): LocalClient {
    return this.as("kubernetes-admin");
  }

  as(user: string): LocalClient {
    return this.engine.client(user);
  }

  settle(millis = 1_000): void {
    this.engine.clock.run(millis);
  }

  /** Namespaced objects go to "default". */
  make<T extends KubeObject>(
    kind: Kind<T>,
    name: string,
    rest: object = {},
    metadata: object = {},
    client = this.client,
  ): T {
    const { apiVersion, gvk, namespaced } = kind;
    return client.create(kind, {
      apiVersion,
      kind: gvk.kind,
      metadata: { name, ...(namespaced ? { namespace: "default" } : {}), ...metadata },
      ...rest,
    } as unknown as T);
  }
}

/** The message of the error that `act` throws; "" if it throws none. */
export function refusal(act: () => unknown): string {
  try {
    act();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}
