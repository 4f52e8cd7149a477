// Signals by name, with Linux's numbers.

export const signalNumbers = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGWINCH: 28,
} as const;

export type Signal = keyof typeof signalNumbers;

/** Signals that end no process that has not asked for them. */
const harmless: ReadonlySet<Signal> = new Set([
  "SIGCHLD",
  "SIGCONT",
  "SIGWINCH",
  "SIGSTOP",
  "SIGTSTP",
]);

export function endsByDefault(signal: Signal): boolean {
  return !harmless.has(signal);
}

/** The exit code of a process that a signal ended. */
export function codeOfSignal(signal: Signal): number {
  return 128 + signalNumbers[signal];
}

/** "TERM", "SIGTERM", "15" and "term" are all SIGTERM; undefined for what is no signal. */
export function signalNamed(text: string): Signal | undefined {
  const upper = text.toUpperCase();
  const name = upper.startsWith("SIG") ? upper : `SIG${upper}`;
  if (Object.hasOwn(signalNumbers, name)) return name as Signal;
  const found = Object.entries(signalNumbers).find(([, number]) => String(number) === text);
  return found?.[0] as Signal | undefined;
}
