// How fast the cluster's clock may run beside the wall clock.

/** The choices of the menu; the engine takes anything from 0.1 to 600. */
export const speedChoices: readonly number[] = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];

/** "1×", "0.5×". */
export function speedText(speed: number): string {
  return `${speed}×`;
}

/** A setting's value, brought into the range that the engine takes. */
export function clampSpeed(value: unknown): number {
  const speed = Number(value);
  if (!Number.isFinite(speed)) return 1;
  return Math.min(600, Math.max(0.1, speed));
}
