// Every command, view, context key and setting of the extension, once. A test compares package.json.

export const commands = {
  startCluster: "kubernetesTutor.startCluster",
  stopCluster: "kubernetesTutor.stopCluster",
  restartCluster: "kubernetesTutor.restartCluster",
  openTimeline: "kubernetesTutor.openTimeline",
  deploy: "kubernetesTutor.deploy",
  deleteFromCluster: "kubernetesTutor.deleteFromCluster",
  showEffectiveManifest: "kubernetesTutor.showEffectiveManifest",
  compareWithCluster: "kubernetesTutor.compareWithCluster",
  pauseClock: "kubernetesTutor.pauseClock",
  resumeClock: "kubernetesTutor.resumeClock",
  stepClock: "kubernetesTutor.stepClock",
  setClockSpeed: "kubernetesTutor.setClockSpeed",
  showClockActions: "kubernetesTutor.showClockActions",
  powerOffNode: "kubernetesTutor.powerOffNode",
  powerOnNode: "kubernetesTutor.powerOnNode",
  stopComponent: "kubernetesTutor.stopComponent",
  startComponent: "kubernetesTutor.startComponent",
  breakOrMend: "kubernetesTutor.breakOrMend",
  killContainer: "kubernetesTutor.killContainer",
  showObjectYaml: "kubernetesTutor.showObjectYaml",
  showInTree: "kubernetesTutor.showInTree",
  explainScheduling: "kubernetesTutor.explainScheduling",
  explainForecast: "kubernetesTutor.explainForecast",
  copyName: "kubernetesTutor.copyName",
  deleteObject: "kubernetesTutor.deleteObject",
  editSchedulerConfiguration: "kubernetesTutor.editSchedulerConfiguration",
  openClusterTerminal: "kubernetesTutor.openClusterTerminal",
  exportKubeconfig: "kubernetesTutor.exportKubeconfig",
  stopEtcdMember: "kubernetesTutor.stopEtcdMember",
  startEtcdMember: "kubernetesTutor.startEtcdMember",
  cutOffEtcdMember: "kubernetesTutor.cutOffEtcdMember",
  connectEtcdMember: "kubernetesTutor.connectEtcdMember",
  setEtcdMembers: "kubernetesTutor.setEtcdMembers",
  openEtcdKey: "kubernetesTutor.openEtcdKey",
  showEtcdChange: "kubernetesTutor.showEtcdChange",
  compareEtcdRevisions: "kubernetesTutor.compareEtcdRevisions",
  revealEtcdSecret: "kubernetesTutor.revealEtcdSecret",
  loadMoreEtcdKeys: "kubernetesTutor.loadMoreEtcdKeys",
  moveManifestAway: "kubernetesTutor.moveManifestAway",
  putManifestBack: "kubernetesTutor.putManifestBack",
  showComponentLog: "kubernetesTutor.showComponentLog",
  addNode: "kubernetesTutor.addNode",
  removeNode: "kubernetesTutor.removeNode",
  newCluster: "kubernetesTutor.newCluster",
  newClusterFromFile: "kubernetesTutor.newClusterFromFile",
  exportCluster: "kubernetesTutor.exportCluster",
  importCluster: "kubernetesTutor.importCluster",
  resetCluster: "kubernetesTutor.resetCluster",
  traceRequest: "kubernetesTutor.traceRequest",
  showProxyRules: "kubernetesTutor.showProxyRules",
  openInBrowser: "kubernetesTutor.openInBrowser",
  openExample: "kubernetesTutor.openExample",
  showLog: "kubernetesTutor.showLog",
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];

export const views = { container: "kubernetesTutor", cluster: "kubernetesTutor.cluster" } as const;

/** The type of the timeline's webview panel. */
export const timelineViewType = "kubernetesTutor.timeline";

/** What `when` clauses of package.json read. */
export const contextKeys = {
  /** The phase of the session: stopped, starting, running, restarting or failed. */
  state: "kubernetesTutor.state",
  clockPaused: "kubernetesTutor.clockPaused",
  /** Paths of the open documents that hold Kubernetes objects. */
  manifests: "kubernetesTutor.manifests",
  /** Steps of the walkthrough that no command or view shows. */
  hasDeployed: "kubernetesTutor.hasDeployed",
} as const;

export const settings = {
  validationEnabled: "kubernetesTutor.validation.enabled",
  schedulingLens: "kubernetesTutor.schedulingLens.enabled",
  rules: "kubernetesTutor.rules",
  dryRun: "kubernetesTutor.dryRun",
  assist: "kubernetesTutor.assist",
  clockSpeed: "kubernetesTutor.clock.speed",
  apiServerListen: "kubernetesTutor.apiServer.listen",
  apiServerPort: "kubernetesTutor.apiServer.port",
  terminalKubeconfig: "kubernetesTutor.terminal.kubeconfig",
  timelineOpenOnDeploy: "kubernetesTutor.timeline.openOnDeploy",
  historyMemory: "kubernetesTutor.history.memory",
} as const;

/** Of documents that show a live object. */
export const objectScheme = "kube";

/** Of documents that show what would become of a manifest. */
export const manifestViewScheme = "kubernetes-tutor-manifest";

/** Of documents that show what a key of etcd held. */
export const etcdScheme = "kubernetes-tutor-etcd";

/** Of documents that show what the cluster's network says. */
export const networkScheme = "kubernetes-tutor-network";

/** Of documents that show what a component has written. */
export const logScheme = "kubernetes-tutor-log";

/** Of files that configure the cluster's components. */
export const configurationScheme = "kubernetes-tutor";

export const walkthroughId = "getStarted";
