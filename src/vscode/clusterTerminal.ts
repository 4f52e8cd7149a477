// The way in for kubectl and Helm: terminals that know the cluster, and its kubeconfig as a file. The
// user's own kubeconfig is neither read nor changed.
import {
  type ConfigurationChangeEvent,
  type ExtensionContext,
  type GlobalEnvironmentVariableCollection,
  Uri,
  window,
  workspace,
} from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { OpenDoor } from "../client/engineContract.ts";
import { settings } from "./commandIds.ts";
import type { Session } from "./session.ts";

const variable = "KUBECONFIG";

export class ClusterTerminals implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly environment: GlobalEnvironmentVariableCollection;

  constructor(
    private readonly session: Session,
    context: ExtensionContext,
  ) {
    this.environment = context.environmentVariableCollection;
    this.environment.persistent = false;
    this.environment.description = l10n.t("Points kubectl at the simulated cluster.");
    this.owned.add(session.onState(() => void this.follow()));
    this.owned.add(
      workspace.onDidChangeConfiguration((change: ConfigurationChangeEvent) => {
        if (change.affectsConfiguration(settings.apiServerListen)) void this.follow();
        if (change.affectsConfiguration(settings.terminalKubeconfig)) void this.follow();
      }),
    );
  }

  dispose(): void {
    this.environment.clear();
    this.owned.dispose();
  }

  /** Starts the cluster if need be, opens its port, and a terminal where kubectl finds it. */
  async open(): Promise<void> {
    const { kubeconfig } = await this.door();
    const terminal = window.createTerminal({
      name: l10n.t("Kubernetes Tutor"),
      env: { [variable]: kubeconfig },
      message: l10n.t("kubectl and helm talk to the simulated cluster here."),
    });
    terminal.show();
  }

  /** Saves the kubeconfig where the user says. */
  async export(): Promise<void> {
    const { kubeconfig } = await this.door();
    const [folder] = workspace.workspaceFolders ?? [];
    const target = await window.showSaveDialog({
      title: l10n.t("Export Kubeconfig"),
      ...(folder ? { defaultUri: Uri.joinPath(folder.uri, "kubeconfig") } : {}),
    });
    if (!target) return;
    await workspace.fs.copy(Uri.file(kubeconfig), target, { overwrite: true });
    window.showInformationMessage(
      l10n.t("The kubeconfig holds an administrator's key: keep it to yourself."),
    );
  }

  private async door(): Promise<OpenDoor> {
    const cluster = await this.session.start();
    return cluster.simulator.listen(this.port);
  }

  private get port(): number {
    return workspace.getConfiguration().get(settings.apiServerPort, 0);
  }

  /** What the settings want while a cluster runs: an open port, and every terminal told of it. */
  private async follow(): Promise<void> {
    this.environment.clear();
    const { state } = this.session;
    const wants = (setting: string): boolean => workspace.getConfiguration().get(setting, false);
    const everywhere = wants(settings.terminalKubeconfig);
    if (state.phase !== "running" || !(everywhere || wants(settings.apiServerListen))) return;
    try {
      const { kubeconfig } = await this.door();
      if (everywhere) this.environment.replace(variable, kubeconfig);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      window.showErrorMessage(l10n.t("The API server cannot be reached from outside: {0}", reason));
    }
  }
}
