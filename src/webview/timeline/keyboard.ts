// The keys of the chart. The arrows walk through the marks; the rest moves the view.
import type { View } from "./view.ts";

type Action = (view: View) => void;

const panShare = 0.2;
const zoomFactor = 0.6;

const actions: Readonly<Record<string, Action>> = {
  ArrowRight: ({ model }) => model.moveCursor(model.neighbour(1)),
  ArrowLeft: ({ model }) => model.moveCursor(model.neighbour(-1)),
  ArrowDown: ({ model }) => model.moveCursor(model.laneNeighbour(1)),
  ArrowUp: ({ model }) => model.moveCursor(model.laneNeighbour(-1)),
  "[": ({ model }) => model.selectCause(),
  "]": ({ model }) => model.selectEffect(),
  Enter: ({ model }) => model.selectCursor(),
  " ": ({ model }) => model.selectCursor(),
  Escape: ({ model }) => model.select(undefined),
  "+": ({ model }) => model.zoom(zoomFactor, 0.5),
  "=": ({ model }) => model.zoom(zoomFactor, 0.5),
  "-": ({ model }) => model.zoom(1 / zoomFactor, 0.5),
  w: ({ model }) => model.zoom(zoomFactor, 0.5),
  s: ({ model }) => model.zoom(1 / zoomFactor, 0.5),
  a: ({ model }) => model.pan(-panShare),
  d: ({ model }) => model.pan(panShare),
  PageUp: ({ model }) => model.pan(-1),
  PageDown: ({ model }) => model.pan(1),
  Home: ({ model }) => model.moveCursor(model.index.events.at(0)),
  End: ({ model }) => model.moveCursor(model.index.events.at(model.index.events.length - 1)),
  f: ({ model }) => model.toggleFollow(),
  "0": ({ model }) => model.showAll(),
};

/** @returns whether the key means something here. Combinations are left to the editor. */
export function handleKey(view: View, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  action?.(view);
  return action !== undefined;
}
