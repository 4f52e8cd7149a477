import assert from "node:assert/strict";
import { catalogImage, taggedSize } from "../../../src/engine/node/imageCatalog.ts";
import { fullImageName, parseImageName } from "../../../src/engine/node/imageName.ts";

describe("image references", () => {
  for (const [text, expected] of [
    ["nginx", "docker.io/library/nginx:latest"],
    ["nginx:1.27", "docker.io/library/nginx:1.27"],
    ["hashicorp/http-echo", "docker.io/hashicorp/http-echo:latest"],
    ["registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.10"],
    ["localhost:5000/a/b:c", "localhost:5000/a/b:c"],
    [`nginx@sha256:${"a".repeat(64)}`, `docker.io/library/nginx@sha256:${"a".repeat(64)}`],
  ] as const)
    it(`${text} is ${expected}`, () => {
      const name = parseImageName(text);
      assert.equal("error" in name ? name.error : fullImageName(name), expected);
    });

  for (const text of ["", "Nginx", "nginx:", "a b", "nginx:la/test", "-nginx", "f".repeat(64)])
    it(`${JSON.stringify(text)} is none`, () => assert.ok("error" in parseImageName(text)));
});

describe("tags of well-known images", () => {
  for (const [repository, good, bad] of [
    [
      "docker.io/library/nginx",
      [
        "latest",
        "1.27",
        "1.27.3",
        "1.14.2",
        "1.16.1",
        "1",
        "alpine",
        "1.27-alpine",
        "stable-alpine",
        "1.29.1-alpine3.22",
      ],
      ["1.161", "9.9", "1.27-foo", "lastest", "1.300"],
    ],
    ["docker.io/library/redis", ["7", "7.4", "7.4.1", "alpine", "8-alpine"], ["77", "7.9"]],
    ["docker.io/library/postgres", ["17", "17.4", "16-alpine", "13.3"], ["99", "alpine-17"]],
    ["docker.io/library/busybox", ["1.28", "1.36.1", "stable", "musl"], ["2", "1.99"]],
    ["docker.io/library/python", ["3", "3.12-slim", "3.12.4-slim-bookworm"], ["4", "3.99"]],
    ["registry.k8s.io/etcd", ["3.6.4-0"], ["2.0"]],
  ] as const)
    it(repository, () => {
      const image = catalogImage(repository);
      assert.ok(image);
      for (const tag of good) assert.ok(taggedSize(image, tag), `${tag} exists`);
      for (const tag of bad) assert.equal(taggedSize(image, tag), undefined, `${tag} does not`);
    });
});
