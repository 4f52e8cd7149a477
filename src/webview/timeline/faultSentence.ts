// What broke, or was mended, in a sentence.
import type { Fault } from "../../api/fault.ts";
import type { StringId } from "../../protocol.ts";
import type { Translate } from "./texts.ts";

/** The sentence of the breaking, that of the mending, and the words that go into both. */
type Sentences = readonly [broken: StringId, mended: StringId, ...words: readonly string[]];

export function faultSentence(fault: Fault, healed: boolean, t: Translate): string {
  const [broken, mended, ...words] = sentencesOf(fault);
  return t(healed ? mended : broken, ...words);
}

function sentencesOf<Type extends Fault["type"]>(
  fault: Extract<Fault, { readonly type: Type }>,
): Sentences {
  return sentences[fault.type as Type](fault);
}

const sentences: {
  readonly [Type in Fault["type"]]: (fault: Extract<Fault, { readonly type: Type }>) => Sentences;
} = {
  powerOff: ({ node }) => ["sentence.powerOff", "sentence.powerOn", node],
  stopComponent: ({ component }) => [
    "sentence.componentStopped",
    "sentence.componentStarted",
    component,
  ],
  stopController: ({ controller }) => [
    "sentence.componentStopped",
    "sentence.componentStarted",
    controller,
  ],
  stopNodeService: ({ service, node }) => [
    "sentence.nodeServiceStopped",
    "sentence.nodeServiceStarted",
    service,
    node,
  ],
  stopEtcdMember: ({ member }) => ["sentence.memberStopped", "sentence.memberStarted", member],
  cutOffEtcdMember: ({ member }) => ["sentence.memberCutOff", "sentence.memberConnected", member],
  cutOffNode: ({ node }) => ["sentence.nodeCutOff", "sentence.nodeConnected", node],
  pressure: ({ node, resource }) =>
    resource === "memory"
      ? ["sentence.memoryTaken", "sentence.memoryFreed", node]
      : ["sentence.diskTaken", "sentence.diskFreed", node],
  loseHeartbeats: ({ node, percent }) => [
    "sentence.heartbeatsLost",
    "sentence.heartbeatsArrive",
    node,
    String(percent),
  ],
  delayHeartbeats: ({ node, byMs }) => [
    "sentence.heartbeatsDelayed",
    "sentence.heartbeatsInTime",
    node,
    inSeconds(byMs),
  ],
  skewClock: ({ node, byMs }) => [
    "sentence.clockSkewed",
    "sentence.clockRight",
    node,
    inSeconds(byMs),
  ],
  losePackets: ({ node, percent }) => [
    "sentence.packetsLost",
    "sentence.packetsArrive",
    node,
    String(percent),
  ],
  stopRegistries: () => ["sentence.registriesStopped", "sentence.registriesStarted"],
  // What was killed is not mended.
  killContainer: ({ namespace, pod, container }) => [
    "sentence.containerKilled",
    "sentence.containerKilled",
    `${namespace}/${pod}`,
    container,
  ],
};

function inSeconds(span: number): string {
  return String(span / 1_000);
}
