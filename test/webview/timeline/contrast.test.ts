import assert from "node:assert/strict";
import {
  type Color,
  contrast,
  flatten,
  parseColor,
  readable,
} from "../../../src/webview/timeline/contrast.ts";

const white: Color = [255, 255, 255, 1];
const black: Color = [0, 0, 0, 1];

describe("timeline colours", () => {
  for (const [text, expected] of [
    ["#fff", white],
    ["#000000", black],
    ["#ff000080", [255, 0, 0, 128 / 255]],
    ["rgb(1, 2, 3)", [1, 2, 3, 1]],
    ["rgba(1, 2, 3, 0.5)", [1, 2, 3, 0.5]],
    [" #1F1F1F", [31, 31, 31, 1]],
    ["rgb(1 2 3 / 0.5)", [1, 2, 3, 0.5]],
    ["inherit", undefined],
    ["", undefined],
    ["#12345", undefined],
  ] as const)
    it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseColor(text), expected));

  it("measures contrast as WCAG does", () => {
    assert.equal(contrast(black, white), 21);
    assert.equal(contrast(white, white), 1);
    assert.equal(contrast([118, 118, 118, 1], white).toFixed(2), "4.54");
  });

  it("leaves a colour that can be read as it is", () => {
    assert.deepEqual(readable([0, 0, 200, 1], white, black), [0, 0, 200, 1]);
  });

  for (const [name, color, ground, text] of [
    ["orange on white", [209, 134, 22, 1], white, [59, 59, 59, 1]],
    ["yellow on white", [191, 136, 3, 1], white, [59, 59, 59, 1]],
    ["red on dark", [241, 76, 76, 1], [31, 31, 31, 1], [204, 204, 204, 1]],
    ["nearly transparent", [255, 255, 255, 0.1], black, white],
  ] as const)
    it(`makes ${name} readable`, () =>
      assert.ok(contrast(readable(color, ground, text), ground) >= 4.5));

  it("mixes a transparent colour with its ground", () => {
    assert.deepEqual(flatten([255, 255, 255, 0.5], black), [127.5, 127.5, 127.5, 1]);
  });
});
