// Composition root of the editor's layer: what there is, and who knows whom.
import {
  type ExtensionContext,
  l10n as editorTexts,
  type LogOutputChannel,
  type TreeDataProvider,
  type TreeView,
  Uri,
  type Disposable as VsDisposable,
  commands as vscodeCommands,
  type WebviewPanel,
  window,
  workspace,
} from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n, localizeWith } from "../base/localize.ts";
import type { SchedulingForecast } from "../language/scheduling.ts";
import type { TimelineInit } from "../protocol.ts";
import { ClockStatus } from "./clockStatus.ts";
import { clusterFileCommands } from "./clusterFiles.ts";
import { ClusterNames } from "./clusterNames.ts";
import { ClusterObjects } from "./clusterObjects.ts";
import { ClusterTerminals } from "./clusterTerminal.ts";
import { ClusterViews } from "./clusterView.ts";
import { type CommandId, commands, contextKeys, settings } from "./commandIds.ts";
import { ComponentLogs } from "./componentLogs.ts";
import { CustomDefinitions } from "./customDefinitions.ts";
import { Deployments } from "./deploy.ts";
import { DryRunDiagnostics } from "./dryRunDiagnostics.ts";
import { etcdCommands } from "./etcdCommands.ts";
import { EtcdDocuments } from "./etcdDocuments.ts";
import { openExample } from "./example.ts";
import { ExplorerTree } from "./explorerTree.ts";
import { faultCommands } from "./faultCommands.ts";
import { FieldDocumentation } from "./fieldDocumentation.ts";
import { forecastText } from "./forecastText.ts";
import { keepClock } from "./keepClock.ts";
import { knownNames } from "./knownNames.ts";
import { Kustomizations } from "./kustomizations.ts";
import { LiveClusters } from "./liveCluster.ts";
import { machineCommands } from "./machineCommands.ts";
import { ManifestAssist } from "./manifestAssist.ts";
import { ManifestChecks } from "./manifestChecks.ts";
import { ManifestDiagnostics } from "./manifestDiagnostics.ts";
import { ManifestFixes } from "./manifestFixes.ts";
import { ManifestLinks } from "./manifestLinks.ts";
import { ManifestNavigation } from "./manifestNavigation.ts";
import { ManifestOutline } from "./manifestOutline.ts";
import { ManifestRules } from "./manifestRules.ts";
import { ManifestViews } from "./manifestViews.ts";
import { ManifestWorkspace } from "./manifestWorkspace.ts";
import { networkCommands } from "./networkCommands.ts";
import { NetworkDocuments } from "./networkDocuments.ts";
import { newClusterCommands } from "./newCluster.ts";
import { objectCommands, openRef } from "./objectCommands.ts";
import { ObjectDocuments } from "./objectDocument.ts";
import { SchedulerPolicy } from "./schedulerPolicy.ts";
import { SchedulingLens } from "./schedulingLens.ts";
import { type ClusterFactory, Session, StartFailure } from "./session.ts";
import { sessionNotices } from "./sessionNotices.ts";
import { type CommandHandlers, simulatorCommands } from "./simulatorCommands.ts";
import { TimelinePanels } from "./timelinePanel.ts";
import type { TreeElement } from "./treeElements.ts";

export interface EditorOptions {
  /** The view of the tree; what it shows comes from here. */
  readonly view: TreeView<TreeElement>;
  readonly openCluster: ClusterFactory;
  readonly timelineStrings: TimelineInit["strings"];
  /** Images that the cluster can pull, as one writes them. */
  readonly images: () => Promise<readonly string[]>;
}

export interface Editor extends Disposable {
  readonly session: Session;
  readonly tree: TreeDataProvider<TreeElement>;
  /** Carries out a command; tells the user of a failure. */
  run(command: CommandId, args: readonly unknown[]): Promise<void>;
  /** Takes over a panel that VS Code brought back. */
  adoptTimeline(panel: WebviewPanel): void;
  /** Stops the cluster once everything is stored. */
  end(): Promise<void>;
}

/** Registers everything; starts nothing that costs. */
export function activateEditor(context: ExtensionContext, options: EditorOptions): Editor {
  localizeWith((message, ...args) => editorTexts.t(message, ...args));
  const owned = new DisposableStore();
  const log = owned.add(window.createOutputChannel(l10n.t("Kubernetes Tutor"), { log: true }));
  const storage = context.storageUri ?? context.globalStorageUri;
  const session = owned.add(new Session(options.openCluster, storage));
  owned.add(sessionNotices(session, log));

  const tree = owned.add(new ExplorerTree());
  const { view } = options;
  const clock = owned.add(new ClockStatus());
  const documents = owned.add(new ObjectDocuments(async () => (await clusters.ready()).cluster));
  const clusters: LiveClusters = owned.add(
    new LiveClusters(session, (live) => {
      tree.show(live);
      clock.follow(live?.cluster.simulator);
      documents.follow(live?.cluster);
      lens.follow(live);
    }),
  );
  const lens = owned.add(new SchedulingLens(new ClusterViews(clusters)));
  const timeline = owned.add(
    new TimelinePanels({
      extensionUri: context.extensionUri,
      strings: options.timelineStrings,
      ready: () => clusters.ready(),
      openObject: (ref) => openRef(documents, ref),
    }),
  );
  const showTimeline = firstDeploymentOpens(timeline);
  const deployments = owned.add(
    new Deployments({
      session,
      log,
      onDeployed: showTimeline,
      showTimeline: () => timeline.show(),
    }),
  );
  const etcdDocuments = owned.add(
    new EtcdDocuments(async () => (await clusters.ready()).cluster.simulator),
  );
  const networkDocuments = owned.add(
    new NetworkDocuments(async () => (await clusters.ready()).cluster.simulator),
  );
  owned.add(view.onDidCollapseElement(({ element }) => tree.collapsed(element)) as VsDisposable);
  const terminals = owned.add(new ClusterTerminals(session, context));
  const logs = owned.add(new ComponentLogs(async () => (await clusters.ready()).cluster.simulator));
  const policy = owned.add(new SchedulerPolicy(async () => (await session.start()).simulator));
  const checks = owned.add(new ManifestChecks());
  const kustomizations = new Kustomizations();
  const diagnostics = owned.add(new ManifestDiagnostics(checks, kustomizations));
  const clusterObjects = new ClusterObjects(clusters);
  const clusterNames = new ClusterNames(clusters);
  const manifests = owned.add(new ManifestWorkspace(checks));
  const rules = owned.add(
    new ManifestRules({ checks, cluster: clusterObjects, files: manifests, kustomizations }),
  );
  owned.add(clusters.onChange(() => rules.checkSoon()));
  owned.add(
    new ManifestAssist({
      documentation: new FieldDocumentation(context.extensionUri),
      checks,
      names: () =>
        knownNames({
          files: manifests,
          cluster: clusterNames,
          clusters,
          checks,
          images: options.images,
        }),
    }),
  );
  owned.add(new ManifestNavigation(manifests, clusterNames));
  owned.add(new ManifestOutline(manifests));
  owned.add(new ManifestLinks(clusterObjects, clusters));
  owned.add(
    new DryRunDiagnostics({
      clusters,
      files: manifests,
      kustomizations,
      problemsOf: (uri) => diagnostics.problemsOf(uri),
    }),
  );
  owned.add(
    new ManifestFixes({
      problemsOf: (uri) => diagnostics.problemsOf(uri),
      ruleProblemsOf: (uri) => rules.problemsOf(uri),
      forecastsOf: (uri) => lens.forecastsOf(uri),
    }),
  );
  owned.add(new CustomDefinitions({ clusters, files: manifests, checks }));
  const manifestViews = owned.add(new ManifestViews(clusters, checks));
  owned.add(followState(session));
  owned.add(startWhenSeen(view, session));
  owned.add(keepClock(session));

  const handlers: CommandHandlers = {
    [commands.startCluster]: async () => void (await session.start()),
    [commands.stopCluster]: () => session.stop(),
    [commands.restartCluster]: () => session.restart(),
    [commands.openTimeline]: async () => {
      timeline.show();
      await session.start();
    },
    [commands.deploy]: (clicked, selected) =>
      deployments.run("deploy", uriOf(clicked), urisOf(selected)),
    [commands.deleteFromCluster]: (clicked, selected) =>
      deployments.run("delete", uriOf(clicked), urisOf(selected)),
    [commands.showEffectiveManifest]: (clicked) => manifestViews.showEffective(uriOf(clicked)),
    [commands.explainForecast]: async (forecast) => {
      const found = forecast as SchedulingForecast | undefined;
      if (!found) return;
      const title = l10n.t("Where {0} would go", found.template.name);
      await manifestViews.show(`${title}.txt`, forecastText(found));
    },
    [commands.compareWithCluster]: (clicked) => manifestViews.compare(uriOf(clicked)),
    [commands.openClusterTerminal]: () => terminals.open(),
    [commands.exportKubeconfig]: () => terminals.export(),
    [commands.editSchedulerConfiguration]: () => policy.edit(),
    [commands.openExample]: () => openExample(context.extensionUri),
    [commands.showLog]: async () => log.show(),
    ...simulatorCommands(clusters),
    ...machineCommands(clusters, logs),
    ...newClusterCommands(session, logs),
    ...faultCommands(clusters),
    ...etcdCommands(clusters, etcdDocuments),
    ...networkCommands(clusters, networkDocuments),
    ...clusterFileCommands({
      session,
      deploy: (manifest) => deployments.run("deploy", manifest, undefined),
    }),
    ...objectCommands({ clusters, documents, timeline, view }),
  };
  return {
    session,
    tree,
    run: (command, args) => runSafely(command, () => handlers[command]?.(...args), log),
    adoptTimeline(panel) {
      timeline.adopt(panel);
      // What was open shows the cluster again; its state tells of a failure.
      session.start().catch(() => undefined);
    },
    end: () => session.stop(),
    dispose: () => owned.dispose(),
  };
}

async function runSafely(
  command: CommandId,
  act: () => Promise<void> | undefined,
  log: LogOutputChannel,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    // A cluster that does not start says so by itself.
    if (error instanceof StartFailure) return;
    const message = error instanceof Error ? error.message : String(error);
    log.error(`${command}: ${message}`);
    window.showErrorMessage(message);
  }
}

/** The context key that menus and the welcome view read. */
function followState(session: Session): Disposable {
  const tell = (phase: string): void => {
    vscodeCommands.executeCommand("setContext", contextKeys.state, phase);
  };
  tell(session.state.phase);
  return session.onState(({ phase }) => tell(phase));
}

/** The cluster boots when the view is first looked at; once stopped by the user it stays so. */
function startWhenSeen(view: TreeView<TreeElement>, session: Session): Disposable {
  const owned = new DisposableStore();
  let isDone = false;
  const start = (): void => {
    if (isDone || !view.visible) return;
    isDone = true;
    // The session's state tells of a failure.
    if (session.state.phase === "stopped") session.start().catch(() => undefined);
  };
  owned.add(view.onDidChangeVisibility(start) as VsDisposable);
  start();
  return owned;
}

/** The timeline opens by itself once a window: with the first deployment. */
function firstDeploymentOpens(timeline: TimelinePanels): () => void {
  let isDone = false;
  return () => {
    const wanted = workspace.getConfiguration().get(settings.timelineOpenOnDeploy, true);
    if (isDone || !wanted || timeline.isOpen) return;
    isDone = true;
    timeline.show({ preserveFocus: true });
  };
}

function uriOf(argument: unknown): Uri | undefined {
  return argument instanceof Uri ? argument : undefined;
}

function urisOf(argument: unknown): readonly Uri[] | undefined {
  return Array.isArray(argument) ? argument.filter((item) => item instanceof Uri) : undefined;
}
