// A long list of equally tall rows, of which only those in sight are in the document.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

interface VirtualListProps {
  readonly count: number;
  /** Pixels. */
  readonly rowHeight: number;
  readonly maxHeight: number;
  readonly label?: string;
  readonly children: (index: number) => ComponentChildren;
}

const margin = 5;

export const VirtualList = ({ count, rowHeight, maxHeight, label, children }: VirtualListProps) => {
  const top = useSignal(0);
  const height = Math.min(count * rowHeight, maxHeight);
  const first = Math.max(0, Math.floor(top.value / rowHeight) - margin);
  const end = Math.min(count, Math.ceil((top.value + height) / rowHeight) + margin);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a list element may not hold the spacer
    <div
      class="virtual-list"
      role="list"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
      tabIndex={0}
      style={{ height: `${height}px` }}
      onScroll={({ currentTarget }) => {
        top.value = currentTarget.scrollTop;
      }}
    >
      <div style={{ height: `${count * rowHeight}px` }}>
        {Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i).map((index) => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          <div
            key={index}
            role="listitem"
            aria-setsize={count}
            aria-posinset={index + 1}
            style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
          >
            {children(index)}
          </div>
        ))}
      </div>
    </div>
  );
};
