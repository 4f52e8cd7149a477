// The timeline's page: connects to the extension, mounts the view, and lets time pass.
import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { assert } from "../../base/assert.ts";
import { disposable } from "../../base/disposable.ts";
import { connect, type Port } from "../../base/rpc.ts";
import type { TimelineContract, TimelineViewState } from "../../protocol.ts";
import { App } from "./app.tsx";
import { follow, hostOf } from "./connection.ts";
import { TimelineModel } from "./model.ts";
import { watchTheme } from "./theme.ts";
import type { View } from "./view.ts";

/** What VS Code offers to a webview's page. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const defaultInspectorSize = 500;
const saveDelayMs = 400;

const root = document.getElementById("timeline");
assert(root, "the page has an element #timeline");
mount(root, acquireVsCodeApi());

function mount(element: HTMLElement, api: VsCodeApi): void {
  const state = savedState(api.getState());
  const model = new TimelineModel(state);
  const remote = connect<TimelineContract>(portOf(api), { session: crypto.randomUUID() });
  const view: View = {
    model,
    theme: watchTheme(document).theme,
    host: hostOf(remote),
    inspectorSize: signal(state?.inspectorSize ?? defaultInspectorSize),
  };
  render(<App view={view} />, element);
  keepState(api, view);
  letTimePass(model);
  void follow(remote, model, () => performance.now());
}

function portOf(api: VsCodeApi): Port {
  return {
    post: (message) => api.postMessage(message),
    onMessage: (listener) => {
      const receive = ({ data }: MessageEvent): void => listener(data);
      window.addEventListener("message", receive);
      return disposable(() => window.removeEventListener("message", receive));
    },
  };
}

/** While the clock runs, each frame moves it on; else a change of the status or the view does. */
function letTimePass(model: TimelineModel): void {
  const isStill = document.body.classList.contains("vscode-reduce-motion");
  const frame = (): void => {
    model.tick(performance.now(), isStill);
    if (!model.status.peek().paused) requestAnimationFrame(frame);
  };
  effect(() => {
    const { paused } = model.status.value;
    model.follow.value;
    if (paused) queueMicrotask(() => model.tick(performance.now(), true));
  });
  let wasPaused = true;
  effect(() => {
    const { paused } = model.status.value;
    if (wasPaused && !paused) requestAnimationFrame(frame);
    wasPaused = paused;
  });
}

/** Saved a little after the last change: VS Code writes it to disk. */
function keepState(api: VsCodeApi, { model, inspectorSize }: View): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const state = model.state(inspectorSize.value);
    if (!model.init.value) return;
    if (state.follow && timer !== undefined) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      api.setState(model.state(inspectorSize.peek()));
    }, saveDelayMs);
  });
}

function savedState(state: unknown): TimelineViewState | undefined {
  const isOurs = typeof state === "object" && state !== null && "version" in state;
  return isOurs && state.version === 1 ? (state as TimelineViewState) : undefined;
}
