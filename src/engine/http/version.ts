// GET /version. Source: apimachinery pkg/version and component-base version, 1.34.

/** The release that this server is measured against. */
export const version = {
  major: "1",
  minor: "34",
  emulationMajor: "1",
  emulationMinor: "34",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "33",
  gitVersion: "v1.34.2",
  // What a build from a source archive says of itself.
  gitCommit: "$Format:%H$",
  gitTreeState: "clean",
  buildDate: "2026-02-16T00:00:00Z",
  goVersion: "go1.24.4",
  compiler: "gc",
  platform: "linux/amd64",
} as const;
