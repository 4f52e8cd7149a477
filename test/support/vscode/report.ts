// What the harness and the scripts tell on the terminal.
import process from "node:process";

const tickMs = 10_000;

/** Says what is done next, or why it is done in another way. */
export function step(text: string): void {
  process.stdout.write(`▸ ${text}\n`);
}

/** Says every ten seconds that something long is still going on, until the returned function. */
export function progress(): () => void {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1_000);
  const timer = setInterval(() => process.stdout.write(`  … ${seconds()} s\n`), tickMs);
  return () => {
    clearInterval(timer);
    process.stdout.write(`  done in ${seconds()} s\n`);
  };
}
