import assert from "node:assert/strict";
import fc from "fast-check";
import { der, derOid, derTag, oidText, readDer } from "../../src/base/der.ts";

describe("DER", () => {
  it("reads back what it wrote, however long", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 70_000 }), { maxLength: 4 }), (contents) => {
        const elements = contents.map((content) => der(derTag.octetString, content));
        const [sequence] = readDer(der(derTag.sequence, ...elements)) ?? [];
        assert.equal(sequence?.tag, derTag.sequence);
        assert.deepEqual(
          readDer(sequence.content)?.map(({ content }) => content),
          contents,
        );
      }),
      { numRuns: 20 },
    );
  });

  it("writes object identifiers", () => {
    const table = {
      "2.5.29.17": "0603551d11",
      "1.2.840.113549.1.9.14": "06092a864886f70d01090e",
    };
    for (const [text, hex] of Object.entries(table)) {
      const bytes = derOid(text);
      assert.equal(Buffer.from(bytes).toString("hex"), hex);
      assert.equal(oidText(bytes.subarray(2)), text);
    }
  });

  it("knows what is cut off", () => {
    const whole = der(derTag.sequence, der(derTag.octetString, new Uint8Array(300)));
    for (const length of [1, 2, 3, 100])
      assert.equal(readDer(whole.subarray(0, length)), undefined);
    assert.equal(readDer(Uint8Array.of(0x30, 0x80, 0, 0)), undefined);
  });
});
