// The time axis above the lanes: SVG, so that its labels are text.
import { exactTime, ticksOf } from "./ticks.ts";
import type { ViewProps } from "./view.ts";
import { xOf } from "./viewport.ts";

interface AxisProps extends ViewProps {
  readonly width: number;
}

export const axisHeight = 26;
const flagWidth = 58;
/** Of most labels, in pixels: those under the flag of now are left out. */
const labelWidth = 52;

export const Axis = ({ view: { model }, width }: AxisProps) => {
  const scale = { ...model.viewport.value, width };
  const now = xOf(scale, model.now.value);
  return (
    <svg class="axis" width={width} height={axisHeight} aria-hidden="true">
      {ticksOf(scale).map(({ at, x, label }) => (
        <g key={at} transform={`translate(${x} 0)`}>
          <line y1={axisHeight - 6} y2={axisHeight} />
          {(x + labelWidth < now - flagWidth / 2 || x > now + flagWidth / 2) && (
            <text x="4" y={axisHeight - 9}>
              {label}
            </text>
          )}
        </g>
      ))}
      {now >= 0 && now <= width && (
        <NowFlag x={now} width={width} text={exactNow(model.now.value)} />
      )}
    </svg>
  );
};

const NowFlag = ({ x, width, text }: { x: number; width: number; text: string }) => (
  <g
    class="now"
    transform={`translate(${Math.min(Math.max(x, flagWidth / 2), width - flagWidth / 2)} 0)`}
  >
    <rect x={-flagWidth / 2} y="3" width={flagWidth} height="17" rx="3" />
    <text y="15">{text}</text>
  </g>
);

function exactNow(now: number): string {
  return exactTime(now).slice(0, 8);
}
