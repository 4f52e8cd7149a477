// Every text that people read exists in English and Korean, and none is left over.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readMessages } from "./support/l10n/messages.ts";

const read = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;

const manifest = readFileSync("package.json", "utf8");
const english = read("package.nls.json");
const korean = read("package.nls.ko.json");
const bundle = read("l10n/bundle.l10n.ko.json");
const timeline = read("src/webview/timeline/strings.json") as Record<
  string,
  Record<string, string>
>;

describe("localization", () => {
  const messages = readMessages("src/{language,tutor,vscode}/**/*.ts");

  it("package.json names only texts that exist, and every text is named", () => {
    const named = [...manifest.matchAll(/"%([^%]+)%"/g)].map(([, key = ""]) => key);
    assert.deepEqual([...new Set(named)].sort(), Object.keys(english).sort());
  });

  it("package.json shows no text that cannot be translated", () => {
    const fields = [
      ...manifest.matchAll(
        /"(title|name|description|contents|altText|markdownDescription)": "([^"%][^"]*)"/g,
      ),
    ];
    const plain = fields
      .map(([field]) => field)
      .filter((field) => !field.startsWith('"name": "kubernetes'));
    assert.deepEqual(plain, []);
  });

  it("the manifest's texts are all in Korean", () => {
    assert.deepEqual(Object.keys(korean).sort(), Object.keys(english).sort());
  });

  it("every text of the code is in Korean, and no other", () => {
    assert.deepEqual(Object.keys(bundle).sort(), [...messages.texts.keys()].sort());
  });

  it("texts are literals, so that they can be found", () => {
    assert.deepEqual(messages.unreadable, []);
  });

  it("no literal is shown without being translated", () => {
    assert.deepEqual(messages.untranslated, []);
  });

  it("the timeline's texts are all in both languages", () => {
    const incomplete = Object.entries(timeline)
      .filter(([, texts]) => !texts.en || !texts.ko)
      .map(([id]) => id);
    assert.deepEqual(incomplete, []);
  });

  const pairs: [string, string, string][] = [
    ...Object.entries(bundle).map(([en, ko]): [string, string, string] => [en, en, String(ko)]),
    ...Object.entries(english).map(([id, en]): [string, string, string] => [
      id,
      String(en),
      String(korean[id]),
    ]),
    ...Object.entries(timeline).map(([id, { en = "", ko = "" }]): [string, string, string] => [
      id,
      en,
      ko,
    ]),
  ];

  it("translations have the same places, links and line breaks", () => {
    const different = pairs.filter(([, en, ko]) => marks(en) !== marks(ko)).map(([id]) => id);
    assert.deepEqual(different, []);
  });

  it("Korean sentences are in the formal style", () => {
    const informal = pairs.filter(([, , ko]) =>
      /(해|이야|거야|했어|있어|해요|어요|예요)[.!?]/.test(ko),
    );
    assert.deepEqual(informal, []);
  });
});

/** What a translation may not lose: places, command links and the number of lines. */
function marks(text: string): string {
  const places = [...text.matchAll(/\{\d+\}|\(command:[^)]+\)|\n/g)].map(([mark]) => mark);
  return places.sort().join(" ");
}
