// The architecture as a test: what a layer may not even name, and where recording is allowed.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";

interface Ban {
  readonly claim: string;
  readonly files: string;
  readonly except?: RegExp;
  readonly pattern: RegExp;
}

const bans: readonly Ban[] = [
  {
    claim: "the engine's core and the ground read no wall clock",
    files: "src/{base,api,scheduler,engine}/**/*.ts",
    except: /engine\/(host|http)\//,
    pattern: /\bDate\b(?!\w)|\bperformance\.now|\bsetTimeout\b|\bsetInterval\b|\bqueueMicrotask\b/,
  },
  {
    claim: "the engine's core draws no randomness of its own",
    files: "src/{base,api,scheduler,engine}/**/*.ts",
    except: /engine\/host\/node/,
    pattern: /Math\.random|crypto\./,
  },
  {
    claim: "the engine's core is synchronous",
    files: "src/{api,scheduler,engine}/**/*.ts",
    except: /engine\/(host|http)\//,
    pattern: /\basync\b|\bawait\b|\bPromise\b/,
  },
  {
    claim: "decisions are return values: plugins and controllers record nothing",
    files: "src/{scheduler/plugins,engine/controllers}/**/*.ts",
    except: /controllerManager\.ts$/,
    pattern: /\btrace\b/i,
  },
  {
    claim: "nothing is logged from the layers below the editor",
    files: "src/{base,api,client,scheduler,engine,language,tutor}/**/*.ts",
    pattern: /\bconsole\./,
  },
  {
    claim: "types are never switched off",
    files: "src/**/*.{ts,tsx}",
    except: /api\/types\.ts$/,
    pattern: /@ts-(ignore|expect-error|nocheck)|biome-ignore/,
  },
];

describe("tidy", () => {
  for (const { claim, files, except, pattern } of bans)
    it(claim, () => {
      const found = globSync(files)
        .filter((file) => !except?.test(file))
        .flatMap((file) =>
          code(readFileSync(file, "utf8"))
            .split("\n")
            .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
        );
      assert.deepEqual(found, []);
    });

  it("every file opens with what it is", () => {
    const silent = globSync("src/**/*.{ts,tsx}").filter(
      (file) => !/^(#!.*\n)?\/\//.test(readFileSync(file, "utf8")),
    );
    assert.deepEqual(silent, []);
  });
});

/** The text without its comments, string and pattern literals; lines keep their numbers. */
function code(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|\s)\/\/.*$/gm, "")
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replace(/(?<=[(=,:]\s*)\/(?:[^/\\\n]|\\.)+\/[a-z]*/g, "//");
}
