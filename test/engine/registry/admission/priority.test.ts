import assert from "node:assert/strict";
import { PriorityClass } from "../../../../src/api/kinds/priorityClass.ts";
import { refusal, Scene } from "./scene.ts";

describe("Priority", () => {
  it("keeps one default class", () => {
    const scene = new Scene();
    scene.make(PriorityClass, "first", { value: 10, globalDefault: true });
    assert.equal(
      refusal(() => scene.make(PriorityClass, "second", { value: 20, globalDefault: true })),
      'priorityclasses.scheduling.k8s.io "second" is forbidden: PriorityClass first is already marked as default. Only one default can exist',
    );
    const key = { namespace: "", name: "first" };
    const description = { description: "still the default" };
    assert.equal(
      refusal(() => scene.client.patch(PriorityClass, key, description)),
      "",
    );
  });
});
