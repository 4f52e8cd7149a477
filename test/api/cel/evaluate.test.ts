import assert from "node:assert/strict";
import fc from "fast-check";
import { failed } from "../../../src/api/cel/environment.ts";
import { kubernetesEnvironment } from "../../../src/api/cel/library/kubernetes.ts";
import { ArrayList, EntryMap } from "../../../src/api/cel/value.ts";

const environment = kubernetesEnvironment.withVariables([["object", { kind: "dyn" }]]);
const object = new EntryMap([
  ["name", "web"],
  ["replicas", 3n],
  ["ports", new ArrayList([80n, 443n])],
  ["labels", new EntryMap([["app", "web"]])],
]);

function evaluate(text: string): unknown {
  const compiled = environment.compile(text);
  assert.ok(!failed(compiled), failed(compiled) ? compiled.issues : "");
  const outcome = compiled.evaluate((name) => (name === "object" ? object : undefined));
  return "error" in outcome ? `error: ${outcome.error}` : outcome.value;
}

describe("evaluating expressions", () => {
  for (const text of [
    "1 + 2 * 3 == 7",
    "7 / 2 == 3 && -7 % 3 == -1",
    "dyn(1) == 1.0 && dyn(1u) == 1 && 2.5 > 2 && 1u < 2",
    "[1, 2] + [3] == [1, 2, 3] && 2 in [1, 2] && !(5 in {1: 2})",
    "{'a': 1}.a == 1 && {'a': 1}['a'] == 1",
    "object.name == 'web' && has(object.labels.app) && !has(object.labels.tier)",
    "object.ports.exists(port, port == 443) && object.ports.all(port, port > 79)",
    "object.ports.exists_one(p, p < 100) && object.ports.map(p, p + 1) == [81, 444]",
    "object.ports.filter(p, p > 100) == [443] && object.ports.map(p, p > 100, p * 2) == [886]",
    "object.labels.all(key, key == 'app')",
    "object.labels.exists(key, value, key == 'app' && value == 'web')",
    "['a', 'b'].transformMap(i, v, v + string(i)) == {0: 'a0', 1: 'b1'}",
    "object.?labels.?tier.orValue('none') == 'none'",
    "object.?labels.?app.optMap(app, app + '!').orValue('') == 'web!'",
    "[?object.?missing, object.name] == ['web']",
    "type(object.replicas) == int && type('a') == string && type(type(1)) == type",
    "[1, 2].exists(x, x / 0 == 1 || x == 2)",
    "(false && 1 / 0 == 1) == false && (true || 1 / 0 == 1)",
    "'abc'.matches('^a.c$') && !'abc'.matches('^b')",
    "'a1b22'.findAll('[0-9]+') == ['1', '22'] && 'a1b22'.find('[0-9]+') == '1'",
    "'hello'.substring(1, 3) == 'el' && 'tacocat'.lastIndexOf('c') == 4 && 'abc'.charAt(1) == 'b'",
    "'a,b,c'.split(',') == ['a', 'b', 'c'] && ['x', 'y'].join('-') == 'x-y'",
    "'aXbX'.replace('X', '', 1) == 'abX' && ' a '.trim() == 'a' && 'aB'.upperAscii() == 'AB'",
    "'%s has %s'.format(['web', '3']) == 'web has 3' && '%.2f'.format([1.005]) == '1.00'",
    "size('日本') == 2 && '日本'.size() == 2 && size([1]) == 1",
    "[3, 1, 2].max() == 3 && [1, 2, 2].isSorted() && [1.5, 2.5].sum() == 4.0",
    "sets.contains([1, 2, 3], [3, 1]) && sets.equivalent([1, 2], [2, 1, 1])",
    "quantity('1Gi').isGreaterThan(quantity('500Mi')) && quantity('200m').add(1) == quantity('1.2')",
    "ip('10.0.0.1').family() == 4 && cidr('10.0.0.0/8').containsIP('10.1.2.3')",
    "cidr('2001:db8::/32').containsCIDR('2001:db8:1::/48') && string(ip('::ffff')) == '::ffff'",
    "!isIP('10.0.0.01') && ip.isCanonical('2001:db8::1') && !ip.isCanonical('2001:DB8::1')",
    "url('https://example.com:8080/a?x=1&x=2').getQuery() == {'x': ['1', '2']}",
    "url('https://example.com:8080/').getHostname() == 'example.com'",
    "semver('1.2.3').isLessThan(semver('1.10.0')) && isSemver('v1.2', true) && !isSemver('1.2')",
    "format.dns1123Label().validate('Bad').hasValue() && !format.dns1123Label().validate('ok').hasValue()",
    "timestamp('2024-02-29T12:30:00Z').getDayOfYear() == 59",
    "timestamp('2024-01-01T00:00:00Z').getHours('+02:00') == 2",
    "timestamp('2024-01-01T01:00:00Z') - timestamp('2024-01-01T00:00:00Z') == duration('1h')",
    "duration('1h30m').getMinutes() == 90 && string(duration('90m')) == '5400s'",
    "int('42') == 42 && double('1.5') == 1.5 && string(1e6) == '1e+06' && int(3.9) == 3",
    "bytes('é') == b'\\xc3\\xa9' && string(b'\\xc3\\xa9') == 'é'",
    "r'\\d' == '\\\\d' && '\\u00e9' == 'é'",
    "dyn(1) == dyn('a') || true",
  ])
    it(text, () => assert.equal(evaluate(text), true));

  for (const [text, expected] of [
    ["1 / 0", "division by zero"],
    ["1 % 0", "modulus by zero"],
    ["9223372036854775807 + 1", "integer overflow"],
    ["[1][5]", "index out of bounds: 5"],
    ["object.missing", "no such key: missing"],
    ["object.name.first", "no such key: first"],
    ["{'a': 1}['b']", "no such key: b"],
    ["dyn(1) + dyn('a')", "no such overload"],
    ["dyn(1).startsWith('a')", "no such overload: startsWith(int, string)"],
    ["int('x')", "type conversion error from 'string' to 'int'"],
    ["[].min() == 1", "min called on empty list"],
    ["quantity('1ki')", "unable to parse quantity's suffix"],
    ["optional.none().value()", "optional.none() dereference"],
    ["[1, 2].map(x, object.missing)", "no such key: missing"],
  ] as const)
    it(`${text} fails: ${expected}`, () => assert.equal(evaluate(text), `error: ${expected}`));

  it("stops when it costs too much", () => {
    const many = `[${new Array(300).fill("1").join(",")}]`;
    const text = `${many}.all(a, ${many}.all(b, ${many}.all(c, a == b && b == c)))`;
    assert.equal(evaluate(text), "error: operation cancelled: actual cost limit exceeded");
  });

  it("answers or fails in its own words, whatever it is given", () => {
    const piece = fc.constantFrom(
      ..."object . name ports [ ] ( ) { } ? : , + - * / % ! == < in && || 1 1.5 1u 'a' true null has all x map size type".split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const compiled = environment.compile(pieces.join(" "));
        if (failed(compiled)) assert.match(compiled.issues, /^ERROR: <input>:1:\d+: /);
        else compiled.evaluate((name) => (name === "object" ? object : undefined));
      }),
      { numRuns: 2000 },
    );
  });
});
