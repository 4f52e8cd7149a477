// Which images the nodes have pulled, over the whole cluster.
// Source: kubernetes v1.34 pkg/scheduler/backend/cache/cache.go addNodeImageStates
import type { Node } from "../api/types.ts";
import type { ImageState } from "./snapshot.ts";

type NodeImages = NonNullable<NonNullable<Node["status"]>["images"]>;

export class ImageStates {
  private readonly states = new Map<string, { sizeBytes: number; nodes: Set<string> }>();
  private shared: ReadonlyMap<string, ImageState> | undefined;

  /** Takes over what a node reports now, instead of what it reported before. */
  replace(name: string, before: Node | undefined, after: Node | undefined): void {
    const old = before?.status?.images ?? [];
    const images = after?.status?.images ?? [];
    if (namesOf(old).join() === namesOf(images).join()) return;
    this.shared = undefined;
    for (const image of namesOf(old)) {
      const state = this.states.get(image);
      state?.nodes.delete(name);
      if (state?.nodes.size === 0) this.states.delete(image);
    }
    for (const { names, sizeBytes = 0 } of images)
      for (const image of names ?? []) {
        const state = this.states.get(image);
        if (state) state.nodes.add(name);
        else this.states.set(image, { sizeBytes, nodes: new Set([name]) });
      }
  }

  view(): ReadonlyMap<string, ImageState> {
    if (!this.shared) {
      const view = new Map<string, ImageState>();
      for (const [image, { sizeBytes, nodes }] of this.states)
        view.set(image, { sizeBytes, nodes: nodes.size });
      this.shared = view;
    }
    return this.shared;
  }
}

function namesOf(images: NodeImages): string[] {
  return images.flatMap(({ names }) => names ?? []);
}
