// The edge between chart and inspector: dragged, or moved with the arrow keys.
import type { ViewProps } from "./view.ts";

const [least, most, keyStep] = [260, 1_100, 30];

export const Splitter = ({ view: { model, inspectorSize } }: ViewProps) => {
  const resize = (size: number): void => {
    inspectorSize.value = Math.round(Math.min(Math.max(size, least), most));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule can't be moved, a focusable separator can
    <div
      class="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label={model.t.value("inspector.resize")}
      aria-valuenow={inspectorSize.value}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.buttons === 1) resize(window.innerWidth - event.clientX);
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") resize(inspectorSize.value + keyStep);
        else if (event.key === "ArrowRight") resize(inspectorSize.value - keyStep);
        else return;
        event.preventDefault();
      }}
    />
  );
};
