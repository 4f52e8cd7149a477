import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TraceEvent } from "../../../src/api/traceEvent.ts";
import type { StringId } from "../../../src/protocol.ts";
import { sentenceOf } from "../../../src/webview/timeline/describe.ts";
import strings from "../../../src/webview/timeline/strings.json" with { type: "json" };
import { translator } from "../../../src/webview/timeline/texts.ts";
import { recordCluster } from "../harness/recording.ts";
import { pod, powerOff, request, step, traced } from "./facts.ts";

type Language = "en" | "ko";

/** The compiler compares the ids of the protocol with those of the file, both ways. */
const texts: Readonly<Record<StringId, Readonly<Record<Language, string>>>> = strings;
const ids: readonly StringId[] = Object.keys(texts) as (keyof typeof strings)[];

const placesOf = (text: string): readonly string[] => [...new Set(text.match(/\{\d\}/g))].sort();

function translate(language: Language) {
  const entries = ids.map((id) => [id, texts[id][language]] as const);
  return translator(Object.fromEntries(entries));
}

describe("timeline texts", () => {
  it("name the same things in English and Korean", () => {
    for (const id of ids) assert.deepEqual(placesOf(texts[id].ko), placesOf(texts[id].en), id);
  });

  it("are all used", () => {
    const folder = join(import.meta.dirname, "../../../src/webview/timeline");
    const sources = readdirSync(folder)
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
    const isUsed = (id: string): boolean =>
      sources.includes(`"${id}"`) || sources.includes(`\`${id.split(".")[0]}.\${`);
    assert.deepEqual(
      ids.filter((id) => !isUsed(id)),
      [],
    );
  });

  it("leave no place open and no id bare in any sentence of a recording", () => {
    for (const language of ["en", "ko"] as const)
      for (const event of recordCluster().events) {
        const sentence = sentenceOf(event, translate(language));
        assert.doesNotMatch(sentence, /\{\d\}|sentence\.|step\./);
      }
  });

  const english = translate("en");
  const sentence = (event: TraceEvent | undefined): string =>
    event ? sentenceOf(event, english) : "";
  const replicaSets = "system:serviceaccount:kube-system:replicaset-controller";
  for (const [fact, expected] of [
    [request({ user: replicaSets }), "replicaset-controller created Pod default/web-1."],
    [
      request({ user: "system:kube-scheduler", subresource: "binding" }),
      "kube-scheduler bound Pod default/web-1 to its node.",
    ],
    [
      request({ user: "system:node:a", verb: "patch", subresource: "status" }),
      "kubelet (a) updated the status of Pod default/web-1.",
    ],
    [
      request({ code: 409, message: 'pods "web-1" already exists' }),
      'kube-apiserver refused kubernetes-admin: create Pod default/web-1 – pods "web-1" already exists',
    ],
    [step("started"), "kubelet on a started nginx (Pod default/web-1)."],
    [powerOff("a"), "a lost power."],
    [powerOff("a", true), "a has power again."],
    [
      { type: "reconcile", controller: "job-controller", key: "ns/x", writes: 2 },
      "job-controller reconciled ns/x (writes: 2).",
    ],
    [
      {
        type: "schedule",
        pod,
        attempt: 1,
        outcome: "scheduled",
        node: "a",
        feasibleNodes: 1,
        evaluatedNodes: 1,
        revision: 1,
      },
      "kube-scheduler placed Pod default/web-1 on a.",
    ],
  ] as const)
    it(`say: ${expected}`, () => assert.equal(sentence(traced([0, fact])[0]), expected));
});
