// The layers of ARCHITECTURE.md as rules. What a rule forbids does not compile into a release.
const layer = (name, from, to, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      comment: "Two files that need each other are one idea, or three.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    layer("base-stands-alone", "^src/base/", "^src/(?!base/)", "base imports nothing of ours"),
    layer("api-on-base", "^src/api/", "^src/(?!api/|base/)", "api imports base only"),
    layer(
      "client-below-engine",
      "^src/client/",
      "^src/(?!client/|api/|base/)",
      "clients know no engine and no editor",
    ),
    layer(
      "engine-core",
      "^src/engine/(?!host/|http/)",
      "^src/(client|language|tutor|vscode|webview|cli)/|^src/engine/(host|http)/",
      "the core of the engine knows no edge; what it reports to views is typed in client/cluster.ts",
    ),
    layer(
      "store-knows-no-kubernetes",
      "^src/engine/store/",
      "^src/(?!base/|engine/store/|engine/clock)",
      "the store keeps values under keys",
    ),
    layer(
      "scheduler-is-pure",
      "^src/scheduler/",
      "^src/(?!scheduler/|api/|base/)",
      "decisions over a snapshot need no engine: editors, lessons and real clusters ask for them too",
    ),
    layer(
      "raft-is-an-algorithm",
      "^src/engine/raft/",
      "^src/(?!base/|engine/raft/)",
      "raft is handed messages and ticks, and knows nobody",
    ),
    layer(
      "etcd-knows-no-kubernetes",
      "^src/engine/etcd/",
      "^src/(?!base/|engine/(etcd|raft|store)/|engine/clock|api/(clusterStatus|etcdKeys))",
      "etcd agrees on requests to its store",
    ),
    layer(
      "plugins-are-independent",
      "^src/scheduler/plugins/",
      "^src/scheduler/(runtime|schedule|explain|cache)\\.ts",
      "a plugin knows the framework, not who runs it",
    ),
    layer(
      "controllers-are-independent",
      "^src/engine/controllers/",
      "^src/(scheduler|engine/(store|registry|scheduler|node|host))/",
      "controllers meet others at the API only",
    ),
    layer(
      "kubelets-are-independent",
      "^src/engine/node/",
      "^src/(scheduler|engine/(store|registry|scheduler|controllers|host))/",
      "kubelets meet others at the API only",
    ),
    layer(
      "language-is-pure",
      "^src/language/",
      "^src/(?!language/|scheduler/|api/|base/)",
      "the language layer knows neither engine nor editor",
    ),
    layer(
      "tutor-explains",
      "^src/tutor/",
      "^src/(?!tutor/|client/|scheduler/|api/|base/)",
      "what is explained is read from clients and pure layers",
    ),
    layer(
      "editor-through-the-door",
      "^src/vscode/",
      "^src/(engine|webview|cli)/",
      "the editor's layer sees clusters through client/ only",
    ),
    {
      name: "webview-through-the-protocol",
      comment:
        "the webview knows the protocol, base, and of the api its types and the names of faults",
      severity: "error",
      from: { path: "^src/webview/" },
      to: {
        path: "^src/(?!webview/|protocol|base/|api/fault\\.ts)",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "no-node-in-the-core",
      comment: "only hosts, the command line and the desktop entry know Node",
      severity: "error",
      from: {
        path: "^src/",
        pathNot: "^src/(engine/host/node|cli/|extension\\.ts|desktop\\.ts|remote/)",
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-vscode-below",
      comment: "only the editor's layer and the entries name vscode",
      severity: "error",
      from: { path: "^src/(?!vscode/|extension|desktop)" },
      to: { path: "^vscode$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".json"] },
  },
};
