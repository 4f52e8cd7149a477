// Remembers what was computed from nodes. A NodeInfo never changes, so an answer holds as long as the
// node is the same object: after one Pod was bound, one node out of thousands is computed anew.
import type { NodeInfo } from "./nodeInfo.ts";

/** One question's answers, by node. */
export class NodeMemo<T> {
  private readonly nodes: (NodeInfo | undefined)[] = [];
  private readonly answers: T[] = [];

  constructor(private readonly compute: (node: NodeInfo) => T) {}

  of(node: NodeInfo): T {
    const { slot } = node;
    if (this.nodes[slot] === node) return this.answers[slot] as T;
    const answer = this.compute(node);
    while (this.nodes.length <= slot) {
      this.nodes.push(undefined);
      this.answers.push(answer);
    }
    this.nodes[slot] = node;
    this.answers[slot] = answer;
    return answer;
  }
}

/** Questions that are kept; the one that was not asked for the longest time goes first. */
const mostQuestions = 256;

export class NodeMemory {
  private readonly memos = new Map<string, NodeMemo<unknown>>();

  /** The memo of a question. `question` must tell it from all others that give other answers. */
  about<T>(question: string, compute: (node: NodeInfo) => T): NodeMemo<T> {
    const known = this.memos.get(question) as NodeMemo<T> | undefined;
    const memo = known ?? new NodeMemo(compute);
    if (known) this.memos.delete(question);
    else if (this.memos.size >= mostQuestions) this.forgetOldest();
    this.memos.set(question, memo);
    return memo;
  }

  private forgetOldest(): void {
    for (const question of this.memos.keys()) {
      this.memos.delete(question);
      return;
    }
  }
}
