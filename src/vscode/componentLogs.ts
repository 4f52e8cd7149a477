// What the control plane's components have written, as read-only documents.
import { EventEmitter, type TextDocumentContentProvider, Uri, window, workspace } from "vscode";
import type { ComponentName } from "../api/clusterStatus.ts";
import type { NodeService } from "../api/fault.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import type { Simulator } from "../client/cluster.ts";
import { logScheme } from "./commandIds.ts";

const kubeadmPath = "/kubeadm.log";

export class ComponentLogs implements TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new EventEmitter<Uri>());
  readonly onDidChange = this.changes.event;

  constructor(private readonly ready: () => Promise<Simulator>) {
    this.owned.add(workspace.registerTextDocumentContentProvider(logScheme, this));
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Of a component of the control plane. Reads it anew each time. */
  openComponent(component: ComponentName): Promise<void> {
    return this.open(`/${component}.log`);
  }

  /** Of an agent of a machine. */
  openAgent(node: string, service: NodeService): Promise<void> {
    return this.open(`/${node}/${service}.log`);
  }

  /** Of kubeadm, as it set the cluster up. */
  openKubeadm(): Promise<void> {
    return this.open(kubeadmPath);
  }

  async provideTextDocumentContent({ path }: Uri): Promise<string> {
    const [, first = "", second] = path.replace(/\.log$/, "").split("/");
    const simulator = await this.ready();
    const lines = await linesOf(simulator, first, second);
    return lines.map((line) => `${line}\n`).join("");
  }

  private async open(path: string): Promise<void> {
    const uri = Uri.from({ scheme: logScheme, path });
    const document = await workspace.openTextDocument(uri);
    this.changes.fire(uri);
    await window.showTextDocument(document, { preview: true });
  }
}

function linesOf(
  simulator: Simulator,
  first: string,
  second: string | undefined,
): Promise<readonly string[]> {
  if (second !== undefined) return simulator.agentLog(first, second as NodeService);
  if (`/${first}.log` === kubeadmPath) return simulator.kubeadmTranscript();
  return simulator.componentLog(first as ComponentName);
}
