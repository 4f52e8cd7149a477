// What VS Code itself writes to its logs when it runs offline and without its native modules.

/** Whether a line of the window's console is of the workbench and says nothing of the extension. */
export function isNoise(line: string): boolean {
  return workbench.some((pattern) => pattern.test(line));
}

/** The server's log without the traces of native modules that it does without. */
export function withoutNoise(serverLog: string): string {
  return serverLog.replace(nativeModuleTrace, "").replace(/\n{2,}/g, "\n");
}

const nativeModuleTrace = /^Error: Could not locate the bindings file[\s\S]*?^\}$/gm;

const workbench = [
  /^%c/,
  /^\s*(INFO|WARN|TRACE|DEBUG)\b/,
  /^(Resolving|Resolved) connection token|^Creating a socket|^\[reconnection-grace-time\]/,
  /^Updating additional builtin extensions|^\[Service Worker\]|^\[AccountPolicyGate\]/,
  /^Timed out waiting for authentication provider|^Creation of workbench contribution/,
  /Could not locate the bindings file|Cannot find module '\.\/build\/Release/,
  /marketplace|gallery|open-vsx|net::ERR_|Failed to load resource/i,
  /^An iframe which has both allow-scripts and allow-same-origin/,
  /^\[(mcp|chat|AgentHost|Telemetry)/i,
];
