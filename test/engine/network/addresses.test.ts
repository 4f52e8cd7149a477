import assert from "node:assert/strict";
import {
  addressIn,
  addressOf,
  addressText,
  cidrContains,
  cidrText,
  nextNodeCidr,
  parseCidr,
} from "../../../src/engine/network/addresses.ts";

describe("addresses", () => {
  it("read and print CIDRs, without the host's part", () => {
    for (const [text, expected] of [
      ["10.244.0.0/16", "10.244.0.0/16"],
      ["192.168.7.9/24", "192.168.7.0/24"],
      ["0.0.0.0/0", "0.0.0.0/0"],
    ] as const)
      assert.equal(cidrText(parseCidr(text)), expected);
  });

  it("know what lies in a network", () => {
    const network = parseCidr("192.168.0.0/22");
    for (const [text, expected] of [
      ["192.168.0.0", true],
      ["192.168.3.255", true],
      ["192.168.4.0", false],
      ["10.0.0.1", false],
    ] as const)
      assert.equal(cidrContains(network, addressOf(text) ?? 0), expected, text);
  });

  it("count within a network", () => {
    assert.equal(addressIn(parseCidr("10.244.3.0/24"), 1), "10.244.3.1");
    assert.throws(() => addressIn(parseCidr("10.244.3.0/24"), 256));
  });

  it("are texts and numbers both ways", () => {
    assert.equal(addressText(addressOf("255.1.0.3") ?? 0), "255.1.0.3");
    for (const wrong of ["10.0.0", "10.0.0.256", "::1", "a.b.c.d", "010.0.0.1 "])
      assert.equal(addressOf(wrong), undefined, wrong);
  });

  it("of nodes go round the cluster's range and skip what is taken", () => {
    assert.deepEqual(nextNodeCidr(new Set(), -1), { text: "10.244.0.0/24", index: 0 });
    assert.deepEqual(nextNodeCidr(new Set(["10.244.1.0/24"]), 0), {
      text: "10.244.2.0/24",
      index: 2,
    });
    assert.deepEqual(nextNodeCidr(new Set(), 255), { text: "10.244.0.0/24", index: 0 });
    const all = Array.from({ length: 256 }, (_, i) => `10.244.${i}.0/24`);
    assert.equal(nextNodeCidr(new Set(all), 7), undefined);
  });
});
