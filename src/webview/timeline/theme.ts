// The editor's colours for the canvas, which can't read CSS variables, and for our own style sheet.
import { type Signal, signal } from "@preact/signals";
import { type Disposable, disposable } from "../../base/disposable.ts";
import { type Color, cssColor, flatten, parseColor, readable } from "./contrast.ts";
import type { LaneKind } from "./lane.ts";

export interface Theme {
  readonly isHighContrast: boolean;
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  /** Over what has not happened yet. */
  readonly future: string;
  readonly border: string;
  readonly focus: string;
  readonly alarm: string;
  /** What can be read on `alarm` and on the lanes' colours. */
  readonly onMark: string;
  readonly lane: Readonly<Record<LaneKind, string>>;
  readonly font: string;
  readonly smallFont: string;
}

const laneVariables: Readonly<Record<LaneKind, string>> = {
  api: "--vscode-charts-blue",
  scheduler: "--vscode-charts-purple",
  controllers: "--vscode-charts-orange",
  node: "--vscode-charts-green",
};

/** Follows the theme of the editor; the same colours become `--timeline-*` variables of the page. */
export function watchTheme(page: Document): Disposable & { readonly theme: Signal<Theme> } {
  const theme = signal(readTheme(page));
  const publish = (): void => {
    theme.value = readTheme(page);
    const { style } = page.documentElement;
    for (const [kind, color] of Object.entries(theme.value.lane))
      setVariable(style, `--timeline-${kind}`, color);
    setVariable(style, "--timeline-alarm", theme.value.alarm);
    setVariable(style, "--timeline-muted", theme.value.muted);
  };
  publish();
  const observer = new MutationObserver(publish);
  observer.observe(page.documentElement, { attributeFilter: ["style", "class"] });
  observer.observe(page.body, { attributeFilter: ["class", "data-vscode-theme-kind"] });
  return { theme, ...disposable(() => observer.disconnect()) };
}

/** Setting what is set already would wake the observer again. */
function setVariable(style: CSSStyleDeclaration, name: string, value: string): void {
  if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
}

function readTheme(page: Document): Theme {
  const computed = getComputedStyle(page.body);
  const color = (name: string): Color | undefined => parseColor(computed.getPropertyValue(name));
  const ground = color("--vscode-editor-background") ?? [255, 255, 255, 1];
  const background = flatten(ground, [255, 255, 255, 1]);
  const text = flatten(
    color("--vscode-editor-foreground") ?? color("--vscode-foreground") ?? [0, 0, 0, 1],
    background,
  );
  const legible = (name: string): string =>
    cssColor(readable(color(name) ?? text, background, text));
  const isHighContrast = page.body.classList.contains("vscode-high-contrast");
  const faint = (alpha: number): string => cssColor([text[0], text[1], text[2], alpha]);
  const border = color("--vscode-contrastBorder") ?? color("--vscode-panel-border");
  const family = computed.getPropertyValue("--vscode-font-family") || "sans-serif";
  return {
    isHighContrast,
    background: cssColor(background),
    text: cssColor(text),
    muted: legible("--vscode-descriptionForeground"),
    grid: faint(isHighContrast ? 0.3 : 0.09),
    future: faint(0.05),
    border: border ? cssColor(border) : faint(0.2),
    focus: legible("--vscode-focusBorder"),
    alarm: legible("--vscode-charts-red"),
    onMark: cssColor(background),
    lane: {
      api: legible(laneVariables.api),
      scheduler: legible(laneVariables.scheduler),
      controllers: legible(laneVariables.controllers),
      node: legible(laneVariables.node),
    },
    font: `11px ${family}`,
    smallFont: `10px ${family}`,
  };
}
