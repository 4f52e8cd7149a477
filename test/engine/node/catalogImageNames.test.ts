import assert from "node:assert/strict";
import { catalogImageNames } from "../../../src/engine/node/catalogImageNames.ts";
import { catalogImage, taggedSize } from "../../../src/engine/node/imageCatalog.ts";
import { parseImageName } from "../../../src/engine/node/imageName.ts";

describe("the images that are offered", () => {
  it("can all be pulled", () => {
    for (const text of catalogImageNames()) {
      const name = parseImageName(text);
      assert.ok(!("error" in name), text);
      const image = catalogImage(name.repository);
      assert.ok(image && taggedSize(image, name.tag) !== undefined, text);
    }
  });

  it("are written shortly, the newest first", () => {
    const nginx = catalogImageNames().filter((name) => name.startsWith("nginx:"));
    assert.deepEqual(nginx.slice(0, 2), ["nginx:1.29", "nginx:1.28"]);
  });
});
