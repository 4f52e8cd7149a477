// awk's printf and sprintf: printf(1)'s formats over awk's values.
import { printfText } from "../printfText.ts";
import { type AwkValue, NumericText, numberOf } from "./awkValue.ts";

export function formatPrintf(
  format: string,
  values: readonly AwkValue[],
  text: (value: AwkValue) => string,
): string {
  const left = [...values].values();
  const next = (): AwkValue => left.next().value;
  return format.replace(
    /%(?:%|[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d*))?(?:h|l|ll)?[a-zA-Z])/g,
    (directive) => {
      if (directive === "%%") return "%";
      const sized = directive.replaceAll("*", () => String(Math.trunc(numberOf(next()))));
      const conversion = sized.at(-1) ?? "";
      const value = next();
      return printfText(sized.replaceAll("\\", "\\\\"), [argument(conversion, value, text)]).text;
    },
  );
}

function argument(conversion: string, value: AwkValue, text: (value: AwkValue) => string): string {
  if (conversion === "c")
    return typeof value === "number" || value instanceof NumericText
      ? String.fromCodePoint(Math.max(0, Math.trunc(numberOf(value))) % 0x110000)
      : text(value);
  if (conversion === "s") return text(value);
  const number = numberOf(value);
  if (!/[diouxX]/.test(conversion)) return String(number);
  const whole = Number.isFinite(number) ? Math.trunc(number) : 0;
  return BigInt(whole).toString();
}
