// Named formats of texts: format.dns1123Label().validate(name).
// Source: apiserver pkg/cel/library/format.go, kubernetes v1.34.
import { parseTime } from "../../../base/time.ts";
import {
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  labelValueRule,
  prefixRule,
  qualifiedName,
  type TextRule,
} from "../../validation/texts.ts";
import { type CelLibrary, declare, overload } from "../declaration.ts";
import { ArrayList, CelOptional, type CelValue, type OpaqueValue } from "../value.ts";

const type = "kubernetes.NamedFormat";

class FormatValue implements OpaqueValue {
  readonly opaqueType = type;

  constructor(
    readonly name: string,
    readonly rule: TextRule,
  ) {}

  equals(other: CelValue): boolean {
    return other instanceof FormatValue && this.name === other.name;
  }
}

const uuid = /^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function matches(test: (text: string) => boolean, message: string): TextRule {
  return (text) => (test(text) ? [] : [message]);
}

const formats: Readonly<Record<string, TextRule>> = {
  dns1123Label: dnsLabel,
  dns1123Subdomain: dnsSubdomain,
  dns1035Label,
  qualifiedName,
  dns1123LabelPrefix: prefixRule(dnsLabel),
  dns1123SubdomainPrefix: prefixRule(dnsSubdomain),
  dns1035LabelPrefix: prefixRule(dns1035Label),
  labelValue: labelValueRule,
  uri: matches((text) => /^(?:[A-Za-z][A-Za-z0-9+.-]*:|\/)/.test(text), "invalid URI"),
  uuid: matches((text) => uuid.test(text), "does not match the UUID format"),
  byte: matches((text) => base64.test(text), "invalid base64"),
  date: matches((text) => parseTime(`${text}T00:00:00Z`) !== undefined, "invalid date"),
  datetime: matches((text) => parseTime(text) !== undefined, "invalid datetime"),
};

function validate({ rule }: FormatValue, text: string): CelOptional {
  const problems = rule(text);
  return problems.length === 0 ? CelOptional.none : new CelOptional(new ArrayList([...problems]));
}

export const formatLibrary: CelLibrary = {
  functions: [
    ...Object.entries(formats).map(([name, rule]) =>
      declare(
        `format.${name}`,
        overload(`format-${name}`, `() -> ${type}`, () => new FormatValue(name, rule)),
      ),
    ),
    declare(
      "format.named",
      overload("format-named", `(string) -> optional<${type}>`, (name: string) => {
        const rule = formats[name];
        return rule ? new CelOptional(new FormatValue(name, rule)) : CelOptional.none;
      }),
    ),
    declare(
      "validate",
      overload("format-validate", `${type}.validate(string) -> optional<list<string>>`, validate),
    ),
  ],
};
