// A button that opens a small panel below itself. Escape or a click elsewhere closes it.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

interface PopupProps {
  readonly icon: string;
  readonly label: string;
  /** Shown beside the icon where there is room. */
  readonly caption?: string;
  readonly isMarked?: boolean;
  readonly children: ComponentChildren;
}

export const Popup = ({ icon, label, caption, isMarked = false, children }: PopupProps) => {
  const isOpen = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    const close = ({ target }: Event): void => {
      if (target instanceof Node && !root.current?.contains(target)) isOpen.value = false;
    };
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only catches Escape on its way up
    <div
      class="popup"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen.value) return;
        event.stopPropagation();
        isOpen.value = false;
        button.current?.focus();
      }}
    >
      <button
        type="button"
        ref={button}
        class={`icon-button${isMarked ? " marked" : ""}`}
        aria-label={label}
        title={label}
        aria-expanded={isOpen.value}
        aria-controls={id}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <Icon name={icon} />
        {caption && <span class="caption">{caption}</span>}
      </button>
      {isOpen.value && (
        <div class="popup-panel" id={id}>
          {children}
        </div>
      )}
    </div>
  );
};
