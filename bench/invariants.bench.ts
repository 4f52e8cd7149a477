// A thousand random lives of a cluster, each looked at after every event; how many end well, and how fast.
// Another range of seeds: npm run bench -- invariants, with SEEDS=1-200
import { performance } from "node:perf_hooks";
import process from "node:process";
import { playLife } from "../test/support/simulation/playLife.ts";

const [from = 1, to = 1_000] = (process.env.SEEDS ?? "").split("-").filter(Boolean).map(Number);
/** Every so many seeds a life is lived twice, and has to be the same. */
const repeatEvery = 20;

const start = performance.now();
const broken: string[] = [];
let revisions = 0;
for (let seed = from; seed <= to; seed++)
  try {
    const life = playLife(seed);
    revisions += life.revisions;
    if (seed % repeatEvery === 0 && playLife(seed).digest !== life.digest)
      broken.push(`seed ${seed}: two histories differ`);
  } catch (error) {
    broken.push(`seed ${seed}: ${error instanceof Error ? error.message : error}`);
    console.log(broken.at(-1));
  }
const seconds = (performance.now() - start) / 1_000;
const lives = to - from + 1;
console.log(
  `${lives} lives, ${revisions} revisions, ${broken.length} broken, ${seconds.toFixed(0)} s`,
);
if (broken.length > 0) process.exitCode = 1;
