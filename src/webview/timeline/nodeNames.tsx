// One name, or "worker-1 and 331 more" that opens into a list which holds only what is in sight.
import { useSignal } from "@preact/signals";
import type { Translate } from "./texts.ts";
import { VirtualList } from "./virtualList.tsx";

interface NodeNamesProps {
  readonly nodes: readonly string[];
  readonly t: Translate;
}

export const NodeNames = ({ nodes, t }: NodeNamesProps) => {
  const isOpen = useSignal(false);
  if (nodes.length === 1) return <div class="node-name">{nodes[0]}</div>;
  return (
    <div>
      <button
        type="button"
        class="link"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        {t("verdicts.nodes", nodes.length)}
      </button>
      {isOpen.value ? (
        <VirtualList count={nodes.length} rowHeight={18} maxHeight={160}>
          {(i) => <span class="node-name">{nodes[i]}</span>}
        </VirtualList>
      ) : (
        <div class="muted node-name">{t("verdicts.example", nodes[0] ?? "")}</div>
      )}
    </div>
  );
};
