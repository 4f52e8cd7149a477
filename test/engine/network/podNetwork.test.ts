import assert from "node:assert/strict";
import { machineAddress, PodNetwork } from "../../../src/engine/network/podNetwork.ts";

describe("a node's Pod addresses", () => {
  it("begin after the gateway and are each Pod's own", () => {
    const network = new PodNetwork();
    network.setRange("10.244.3.0/24");
    assert.deepEqual(
      ["a", "b", "a"].map((pod) => network.allocate(pod)),
      ["10.244.3.2", "10.244.3.3", "10.244.3.2"],
    );
  });

  it("go round before one is given out again", () => {
    const network = new PodNetwork();
    network.setRange("10.244.3.0/29");
    for (const pod of ["a", "b"]) network.allocate(pod);
    network.release("a");
    assert.deepEqual(
      ["c", "d", "e", "f", "g"].map((pod) => network.allocate(pod)),
      ["10.244.3.4", "10.244.3.5", "10.244.3.6", "10.244.3.2", undefined],
    );
  });

  it("that are in use after a restart are not given out", () => {
    const network = new PodNetwork();
    network.reserve("old", "10.244.3.2");
    network.setRange("10.244.3.0/24");
    assert.equal(network.allocate("new"), "10.244.3.3");
  });

  it("machines are numbered in a network of their own", () => {
    assert.deepEqual([0, 1, 254].map(machineAddress), ["172.18.0.2", "172.18.0.3", "172.18.1.0"]);
  });
});
