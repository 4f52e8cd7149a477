import assert from "node:assert/strict";
import { parse } from "yaml";
import { Random } from "../../../src/base/random.ts";
import { loadConfiguration } from "../../../src/scheduler/config/load.ts";
import { defaultProfile } from "../../../src/scheduler/defaultProfile.ts";
import type { Profile } from "../../../src/scheduler/profile.ts";
import { scheduleOne } from "../../../src/scheduler/schedule.ts";
import { snapshotOf } from "../../../src/scheduler/snapshotOf.ts";
import { node, pod } from "../objects.ts";

const head = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

function problemsOf(text: string): string[] {
  const loaded = loadConfiguration(parse(head + text));
  if (!("problems" in loaded)) return [];
  return loaded.problems.map(({ path, message }) => `${path} | ${message}`);
}

function profilesOf(text: string): readonly Profile[] {
  const loaded = loadConfiguration(parse(head + text));
  assert.ok("profiles" in loaded, JSON.stringify(loaded));
  return loaded.profiles;
}

function names(profile: Profile | undefined, point: keyof Profile["points"]): string[] {
  return (
    profile?.points[point].map(({ plugin, weight }) =>
      point === "score" ? `${plugin.name}=${weight}` : plugin.name,
    ) ?? []
  );
}

describe("KubeSchedulerConfiguration", () => {
  it("is the default profile if it says nothing", () => {
    const [profile] = profilesOf("");
    assert.equal(profile?.schedulerName, "default-scheduler");
    for (const point of ["filter", "score", "bind"] as const)
      assert.deepEqual(names(profile, point), names(defaultProfile, point));
    assert.deepEqual(names(profile, "score"), [
      "TaintToleration=3",
      "NodeAffinity=2",
      "NodeResourcesFit=1",
      "VolumeBinding=1",
      "PodTopologySpread=2",
      "InterPodAffinity=2",
      "NodeResourcesBalancedAllocation=1",
      "ImageLocality=1",
    ]);
  });

  for (const [claim, text, expected] of [
    ["an unknown field", "profilez: []", ['profilez | unknown field "profilez"']],
    [
      "an unknown argument",
      "profiles:\n- pluginConfig:\n  - name: NodeResourcesFit\n    args: {strategy: x}",
      [
        'profiles[0].pluginConfig[0].args.strategy | decoding .profiles[0].pluginConfig[0]: decoding args for plugin NodeResourcesFit: unknown field "strategy"',
      ],
    ],
    [
      "a plugin that does not exist",
      "profiles:\n- plugins: {score: {enabled: [{name: Magic, weight: 1}]}}",
      [
        'profiles[0].plugins.score.enabled[0].name | initializing profiles: creating profile for scheduler name default-scheduler: ScorePlugin "Magic" does not exist',
      ],
    ],
    [
      "a plugin where it has nothing to do",
      "profiles:\n- plugins: {filter: {enabled: [{name: ImageLocality}]}}",
      [
        'profiles[0].plugins.filter.enabled[0].name | initializing profiles: creating profile for scheduler name default-scheduler: plugin "ImageLocality" does not extend FilterPlugin plugin',
      ],
    ],
    [
      "a plugin that is configured twice",
      "profiles:\n- pluginConfig: [{name: NodeAffinity}, {name: NodeAffinity}]",
      [
        'profiles[0].pluginConfig[1] | profiles[0].pluginConfig[1]: Duplicate value: "NodeAffinity"',
      ],
    ],
    [
      "two profiles of one name",
      "profiles: [{schedulerName: a}, {schedulerName: a}]",
      [
        'profiles[1].schedulerName | profiles[1].schedulerName: Duplicate value: "profiles[0].schedulerName"',
      ],
    ],
    [
      "several profiles without names",
      "profiles: [{schedulerName: a}, {}]",
      ["profiles[1].schedulerName | profiles[1].schedulerName: Required value"],
    ],
    [
      "numbers out of range",
      "parallelism: 0\npercentageOfNodesToScore: 101\npodInitialBackoffSeconds: 20",
      [
        "parallelism | parallelism: Invalid value: 0: should be an integer value greater than zero",
        "percentageOfNodesToScore | percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]",
        "podMaxBackoffSeconds | podMaxBackoffSeconds: Invalid value: 10: must be greater than or equal to PodInitialBackoffSeconds",
      ],
    ],
    [
      "a broken line that turns back",
      "profiles:\n- pluginConfig:\n  - name: NodeResourcesFit\n    args:\n      scoringStrategy:\n        type: RequestedToCapacityRatio\n        requestedToCapacityRatio: {shape: [{utilization: 50, score: 0}, {utilization: 10, score: 11}]}",
      [
        "profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio.shape[1].utilization | profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio.shape[1].utilization: Invalid value: 10: utilization values must be sorted in increasing order",
        "profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio.shape[1].score | profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio.shape[1].score: Invalid value: 11: not in valid range [0, 10]",
      ],
    ],
    [
      "a weight that is no number",
      "profiles:\n- plugins: {score: {enabled: [{name: ImageLocality, weight: .nan}]}}",
      [
        "profiles[0].plugins.score.enabled[0].weight | json: cannot unmarshal number NaN into Go struct field Plugin.profiles.plugins.score.enabled.weight of type int32",
      ],
    ],
  ] as const)
    it(`refuses ${claim}`, () => assert.deepEqual(problemsOf(text), expected));

  it("a plugin may leave one extension point and stay at the others", () => {
    const [profile] = profilesOf(
      "profiles:\n- plugins: {score: {disabled: [{name: NodeResourcesFit}]}}",
    );
    assert.ok(names(profile, "filter").includes("NodeResourcesFit"));
    assert.ok(!names(profile, "score").includes("NodeResourcesFit=1"));
  });

  it("what a point enables itself comes before what takes part everywhere", () => {
    const [profile] = profilesOf(
      "profiles:\n- plugins: {score: {enabled: [{name: ImageLocality, weight: 7}]}}",
    );
    assert.equal(names(profile, "score")[0], "ImageLocality=7");
    assert.equal(names(profile, "score").length, names(defaultProfile, "score").length);
  });

  it("'*' leaves only what is named", () => {
    const [profile] = profilesOf(
      "profiles:\n- plugins: {score: {disabled: [{name: '*'}], enabled: [{name: NodeResourcesFit, weight: 1}]}}",
    );
    assert.deepEqual(names(profile, "score"), ["NodeResourcesFit=1"]);
  });

  it("MostAllocated fills the fuller node, LeastAllocated the emptier", () => {
    const large = { cpu: "2", memory: "4Gi" };
    const snapshot = snapshotOf({
      nodes: [node("empty"), node("busy")],
      pods: [pod("there", { requests: large, spec: { nodeName: "busy" } })],
    });
    const choose = (type: string): string | undefined => {
      const [profile] = profilesOf(
        `profiles:\n- plugins: {score: {disabled: [{name: NodeResourcesBalancedAllocation}]}}\n  pluginConfig:\n  - name: NodeResourcesFit\n    args: {scoringStrategy: {type: ${type}}}`,
      );
      assert.ok(profile);
      const outcome = scheduleOne({
        pod: pod("new", { requests: { cpu: "1", memory: "2Gi" } }),
        snapshot,
        profile,
        random: new Random(1),
      });
      return outcome.type === "scheduled" ? outcome.node : outcome.message;
    };
    assert.equal(choose("MostAllocated"), "busy");
    assert.equal(choose("LeastAllocated"), "empty");
  });

  it("an added affinity keeps all Pods of the profile to some nodes", () => {
    const [profile] = profilesOf(
      "profiles:\n- pluginConfig:\n  - name: NodeAffinity\n    args:\n      addedAffinity:\n        requiredDuringSchedulingIgnoredDuringExecution:\n          nodeSelectorTerms: [{matchExpressions: [{key: pool, operator: In, values: [web]}]}]",
    );
    assert.ok(profile);
    const snapshot = snapshotOf({ nodes: [node("other")] });
    const outcome = scheduleOne({ pod: pod("new"), snapshot, profile, random: new Random(1) });
    assert.equal(outcome.type, "unschedulable");
    assert.match(
      outcome.type === "unschedulable" ? outcome.message : "",
      /^0\/1 nodes are available: 1 node\(s\) didn't match scheduler-enforced node affinity\. /,
    );
  });
});
