// The timeline's panel: hosts the webview and serves what it asks for. The panel may outlive a cluster;
// it is loaded anew when the next one runs.
import { env, Uri, ViewColumn, type Webview, type WebviewPanel, window } from "vscode";
import type { ObjectRef } from "../api/object.ts";
import type { SchedulingExplanation } from "../api/schedulingExplanation.ts";
import type { TraceEvent } from "../api/traceEvent.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { Emitter } from "../base/emitter.ts";
import { l10n } from "../base/localize.ts";
import { type Handlers, type StreamSink, serve } from "../base/rpc.ts";
import type {
  ExplainedDecision,
  TimelineContract,
  TimelineInit,
  TimelineStatus,
} from "../protocol.ts";
import { decisionSentences, nodeSentences, remedySentence } from "../tutor/schedulingSentences.ts";
import { timelineViewType } from "./commandIds.ts";
import type { LiveCluster } from "./liveCluster.ts";
import { isControlPlane } from "./treeElements.ts";

export interface TimelineOptions {
  readonly extensionUri: Uri;
  readonly strings: TimelineInit["strings"];
  /** The cluster, as soon as there is one. */
  readonly ready: () => Promise<LiveCluster>;
  readonly openObject: (ref: ObjectRef) => Promise<void>;
}

export class TimelinePanels implements Disposable {
  private readonly owned = new DisposableStore();
  private panel: WebviewPanel | undefined;
  private serving = new DisposableStore();
  private readonly wanted = this.owned.add(new Emitter<void>());
  /** Asked for before the webview listens. */
  private pending: readonly number[] = [];

  constructor(private readonly options: TimelineOptions) {}

  get isOpen(): boolean {
    return this.panel !== undefined;
  }

  /** Opens the timeline, or brings it to the front; then shows these events. */
  show(
    options: { readonly preserveFocus?: boolean; readonly events?: readonly number[] } = {},
  ): void {
    const { preserveFocus = false, events = [] } = options;
    if (this.panel) this.panel.reveal(undefined, preserveFocus);
    else
      this.adopt(
        window.createWebviewPanel(
          timelineViewType,
          l10n.t("Cluster Timeline"),
          { viewColumn: ViewColumn.Beside, preserveFocus },
          webviewOptions(this.options.extensionUri),
        ),
      );
    this.pending = events;
    this.wanted.fire();
  }

  dispose(): void {
    this.serving.dispose();
    this.panel?.dispose();
    this.owned.dispose();
  }

  /** Fills a panel, e.g. one that VS Code brought back with the window. */
  adopt(panel: WebviewPanel): void {
    this.panel = panel;
    panel.webview.options = webviewOptions(this.options.extensionUri);
    panel.iconPath = Uri.joinPath(this.options.extensionUri, "media/icon.png");
    panel.onDidDispose(() => {
      this.serving.dispose();
      this.panel = undefined;
    });
    this.load(panel);
  }

  private load(panel: WebviewPanel): void {
    this.serving.dispose();
    this.serving = new DisposableStore();
    const { webview } = panel;
    const port = {
      post: (message: unknown) => void webview.postMessage(message),
      onMessage: (listener: (message: unknown) => void) => webview.onDidReceiveMessage(listener),
    };
    this.serving.add(serve<TimelineContract>(port, this.handlers()));
    webview.html = pageOf(webview, this.options.extensionUri);
  }

  private handlers(): Handlers<TimelineContract> {
    const { ready, strings, openObject } = this.options;
    const simulator = async () => {
      const { cluster } = await ready();
      if (!cluster.simulator) throw new Error("the cluster's clock can't be controlled");
      return cluster.simulator;
    };
    return {
      calls: {
        async init() {
          const live = await ready();
          return {
            clusterName: live.cluster.name,
            strings,
            status: statusOf(live),
            hasSimulator: live.cluster.simulator !== undefined,
          };
        },
        explain: async (id) => explained(await (await ready()).cluster.timeline.explain(id)),
        pause: async () => (await simulator()).pause(),
        resume: async () => (await simulator()).resume(),
        setSpeed: async (speed) => (await simulator()).setSpeed(speed),
        step: async (span) => (await simulator()).step(span),
        openObject: (ref) => openObject(ref),
      },
      streams: {
        events: (from, sink) => this.streamEvents(from, sink),
        status: (sink) => streamStatus(ready, sink),
        reveal: (sink) => {
          const tell = (): void => {
            sink.next(this.pending);
            this.pending = [];
          };
          tell();
          return this.wanted.event(tell);
        },
      },
    };
  }

  private streamEvents(from: number, sink: StreamSink<TraceEvent>): Disposable {
    const aborter = new AbortController();
    const pump = async (): Promise<void> => {
      const { cluster } = await this.options.ready();
      for await (const batch of cluster.timeline.events(from, aborter.signal)) sink.next(batch);
    };
    pump().then(
      () => sink.end(),
      (error) => sink.fail(error),
    );
    return { dispose: () => aborter.abort() };
  }
}

/** The present status, then each new one. */
function streamStatus(
  ready: () => Promise<LiveCluster>,
  sink: StreamSink<TimelineStatus>,
): Disposable {
  const owned = new DisposableStore();
  const follow = async (): Promise<void> => {
    const live = await ready();
    const tell = (): void => sink.next([statusOf(live)]);
    tell();
    owned.add(
      live.facts.onChange(({ status, nodes }) => {
        if (status || nodes.size > 0) tell();
      }),
    );
  };
  follow().catch((error) => sink.fail(error));
  return owned;
}

function statusOf({ cluster, facts, readiness }: LiveCluster): TimelineStatus {
  const status = cluster.simulator?.status;
  return {
    now: status?.now ?? Date.now(),
    paused: status?.paused ?? false,
    speed: status?.speed ?? 1,
    behind: status?.behind ?? false,
    faults: status?.faults ?? [],
    nodes: [...facts.nodes.values()].map((node) => ({
      name: node.metadata.name,
      isControlPlane: isControlPlane(node),
      notReady: readiness.of(node.metadata.name),
    })),
  };
}

function webviewOptions(extensionUri: Uri) {
  return {
    enableScripts: true,
    localResourceRoots: ["dist/webview", "media"].map((folder) =>
      Uri.joinPath(extensionUri, folder),
    ),
  };
}

function pageOf(webview: Webview, extensionUri: Uri): string {
  const resource = (name: string): string =>
    webview.asWebviewUri(Uri.joinPath(extensionUri, name)).toString();
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <link rel="stylesheet" href="${resource("dist/webview/codicon.css")}">
  <link rel="stylesheet" href="${resource("media/timeline.css")}">
</head>
<body>
  <div id="timeline"></div>
  <script nonce="${nonce}" src="${resource("dist/webview/timeline.js")}"></script>
</body>
</html>`;
}

/** More nodes than these would not be read one by one. */
const mostNodesInSentences = 8;

function explained(explanation: SchedulingExplanation | undefined): ExplainedDecision | undefined {
  if (!explanation) return undefined;
  const { nodes, remedies = [] } = explanation;
  const rejected = nodes.filter(({ feasible }) => !feasible).slice(0, mostNodesInSentences);
  return {
    ...explanation,
    sentences: [...decisionSentences(explanation), ...rejected.flatMap(nodeSentences)],
    help: remedies.map(remedySentence),
  };
}
