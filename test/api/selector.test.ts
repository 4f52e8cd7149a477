import assert from "node:assert/strict";
import { matchesFields, parseFieldSelector } from "../../src/api/fieldSelector.ts";
import { parseLabelSelector } from "../../src/api/labelSelectorText.ts";
import {
  isSelectorError,
  labelSelectorOf,
  meets,
  type SelectorOperator,
} from "../../src/api/selector.ts";

const web = { app: "web", tier: "front", gen: "3" };

describe("a label selector's text", () => {
  for (const [text, selects] of [
    ["", true],
    ["app=web", true],
    ["app==web,tier!=back", true],
    ["app in (web,db)", true],
    ["app in (db)", false],
    ["app notin (db,cache)", true],
    ["missing notin (a)", true],
    ["missing!=a", true],
    ["app", true],
    ["!app", false],
    ["!missing", true],
    ["gen>2,gen<4", true],
    ["gen>3", false],
    ["app=", false],
    [" app = web , tier", true],
    ["app in (,web)", true],
    ["example.com/a notin (b)", true],
  ] as const)
    it(`${JSON.stringify(text)} ${selects ? "selects" : "leaves out"} a web Pod`, () => {
      const selector = parseLabelSelector(text);
      assert.ok(!isSelectorError(selector));
      assert.equal(selector.matches(web), selects);
    });

  for (const [text, error] of [
    ["app=web,", "found '', expected: identifier after ','"],
    ["=web", "found '=', expected: !, identifier, or 'end of string'"],
    ["app in web", "unable to parse requirement: found 'web' expected: '('"],
    ["a===b", "unable to parse requirement: found '=', expected: identifier"],
    ["app web", "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt"],
    ["app=web tier", "found 'tier', expected: ',' or 'end of string'"],
    ["!!app", "unable to parse requirement: found '!', expected: identifier"],
    ["-app", 'unable to parse requirement: key: Invalid value: "-app": name part must'],
    ["gen>x", "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt'"],
  ] as const)
    it(`${JSON.stringify(text)} is refused`, () => {
      const result = parseLabelSelector(text);
      assert.ok(isSelectorError(result));
      assert.equal(result.error.slice(0, error.length), error);
    });
});

describe("a LabelSelector object", () => {
  for (const [claim, selector, selects] of [
    ["that is absent selects nothing", undefined, false],
    ["that is empty selects everything", {}, true],
    ["asks for all labels", { matchLabels: { app: "web", tier: "back" } }, false],
    [
      "combines labels and expressions",
      {
        matchLabels: { app: "web" },
        matchExpressions: [
          { key: "tier", operator: "In", values: ["front"] },
          { key: "x", operator: "DoesNotExist" },
          { key: "gen", operator: "Exists" },
          { key: "gen", operator: "NotIn", values: ["4"] },
        ],
      },
      true,
    ],
  ] as const)
    it(claim, () => assert.equal(labelSelectorOf(selector).matches(web), selects));

  it("has one text, however it is written", () => {
    const plain = labelSelectorOf({ matchLabels: { b: "2", a: "1" } });
    const long = labelSelectorOf({
      matchExpressions: [
        { key: "a", operator: "In", values: ["1"] },
        { key: "b", operator: "In", values: ["2"] },
      ],
    });
    assert.equal(plain.text, long.text);
    assert.equal(plain.text, "a=1,b=2");
  });
});

describe("a requirement of node affinity", () => {
  for (const [value, operator, values, expected] of [
    ["5", "Gt", ["3"], true],
    ["3", "Gt", ["3"], false],
    ["-5", "Lt", ["3"], true],
    [undefined, "Lt", ["3"], false],
    ["five", "Gt", ["3"], false],
    ["5", "Gt", ["three"], false],
    ["9223372036854775807", "Gt", ["9223372036854775806"], true],
    ["9223372036854775808", "Gt", ["1"], false],
  ] as const)
    it(`${value} ${operator} ${values} is ${expected}`, () =>
      assert.equal(
        meets(value, { key: "gen", operator: operator as SelectorOperator, values }),
        expected,
      ));
});

describe("a field selector", () => {
  const fields: Record<string, string> = { "status.phase": "Running", "spec.nodeName": "a,b" };
  for (const [text, selects] of [
    ["", true],
    ["status.phase=Running", true],
    ["status.phase==Running,spec.nodeName!=c", true],
    ["status.phase!=Running", false],
    ["spec.nodeName=a\\,b", true],
    ["metadata.name=", true],
  ] as const)
    it(`${JSON.stringify(text)} ${selects ? "selects" : "leaves out"} the object`, () => {
      const selector = parseFieldSelector(text);
      assert.ok(!("error" in selector));
      assert.equal(
        matchesFields(selector, (field) => fields[field] ?? ""),
        selects,
      );
    });

  it("without an operator is refused", () =>
    assert.deepEqual(parseFieldSelector("a=1,running"), {
      error: "invalid selector: 'a=1,running'; can't understand 'running'",
    }));
});
