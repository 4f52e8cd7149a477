// printf(1): a format, used again until there are no more arguments.
// Source: POSIX, printf; busybox coreutils/printf.c.
import { unescapeText } from "./escapes.ts";

export interface Printed {
  readonly text: string;
  /** Arguments that are no numbers where one is meant. */
  readonly invalid: readonly string[];
}

/** Longer output than any script means; also bounds widths. */
const longest = 1 << 20;

const directive = /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|L|q|j|z|t)?([a-zA-Z]))/g;

export function printfText(format: string, args: readonly string[]): Printed {
  const printer = new Printer(args);
  do printer.round(format);
  while (printer.goesOn);
  return { text: printer.text, invalid: printer.invalid };
}

class Printer {
  text = "";
  readonly invalid: string[] = [];
  private used = 0;
  private hasEnded = false;
  private usedInRound = 0;

  constructor(private readonly args: readonly string[]) {}

  get goesOn(): boolean {
    const hasMore = this.used < this.args.length && this.usedInRound > 0;
    return hasMore && !this.hasEnded && this.text.length < longest;
  }

  round(format: string): void {
    this.usedInRound = 0;
    let at = 0;
    for (const match of format.matchAll(directive)) {
      this.literal(format.slice(at, match.index));
      if (this.hasEnded) return;
      at = match.index + match[0].length;
      if (match[0] === "%%") this.text += "%";
      else this.convert(match);
      if (this.hasEnded) return;
    }
    this.literal(format.slice(at));
  }

  private literal(text: string): void {
    const { text: plain, isCutOff } = unescapeText(text, "printf");
    this.text += plain;
    this.hasEnded = isCutOff;
  }

  private convert([, flags = "", width, precision, conversion = ""]: RegExpExecArray): void {
    const wide = width === "*" ? Number(this.integer()) : Number(width ?? 0);
    const exact =
      precision === undefined
        ? undefined
        : precision === "*"
          ? Number(this.integer())
          : Number(precision);
    const isLeft = flags.includes("-") || wide < 0;
    const value = this.converted(conversion, flags, exact);
    const isNumber = /[diouxXeEfFgG]/.test(conversion);
    const mayZero = exact === undefined || /[eEfFgG]/.test(conversion);
    const isZeroed = flags.includes("0") && isNumber && !isLeft && mayZero;
    this.text += pad(value, Math.min(Math.abs(wide), longest), isLeft, isZeroed);
  }

  private converted(conversion: string, flags: string, precision: number | undefined): string {
    switch (conversion) {
      case "s":
        return this.next().slice(0, precision);
      case "b": {
        const { text, isCutOff } = unescapeText(this.next(), "echo");
        this.hasEnded = isCutOff;
        return text.slice(0, precision);
      }
      case "c":
        return this.next().slice(0, 1);
      case "q":
        return this.next().replace(/[^\w@%+=:,./-]/g, "\\$&");
      case "d":
      case "i":
        return signed(digits(this.integer(), 10, precision), flags);
      case "u":
        return digits(BigInt.asUintN(64, this.integer()), 10, precision);
      case "o":
        return digits(BigInt.asUintN(64, this.integer()), 8, precision);
      case "x":
      case "X": {
        const text = digits(BigInt.asUintN(64, this.integer()), 16, precision);
        const prefixed = flags.includes("#") ? `0x${text}` : text;
        return conversion === "X" ? prefixed.toUpperCase() : prefixed;
      }
      default:
        return signed(floating(this.number(), conversion, precision ?? 6), flags);
    }
  }

  private next(): string {
    this.usedInRound++;
    return this.args[this.used++] ?? "";
  }

  private integer(): bigint {
    const text = this.next();
    if (/^["']/.test(text)) return BigInt(text.codePointAt(1) ?? 0);
    const [, sign, number = ""] = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|\d+)/.exec(text) ?? [];
    if (text !== "" && number.length + (sign ?? "").length !== text.trim().length)
      this.invalid.push(text);
    if (number === "") return 0n;
    const isOctal = /^0[0-7]+$/.test(number);
    const value = BigInt(isOctal ? `0o${number.slice(1)}` : number.replace(/^0+(?=\d)/, ""));
    return BigInt.asIntN(64, sign === "-" ? -value : value);
  }

  private number(): number {
    const text = this.next();
    const value = Number(text);
    if (!Number.isNaN(value)) return value;
    this.invalid.push(text);
    return Number.parseFloat(text) || 0;
  }
}

function digits(value: bigint, base: number, precision = 0): string {
  const magnitude = (value < 0n ? -value : value).toString(base);
  return `${value < 0n ? "-" : ""}${magnitude.padStart(Math.min(precision, longest), "0")}`;
}

function signed(text: string, flags: string): string {
  if (text.startsWith("-")) return text;
  return flags.includes("+") ? `+${text}` : flags.includes(" ") ? ` ${text}` : text;
}

/** %e, %f and %g as C has them. */
export function floating(value: number, conversion: string, precision: number): string {
  const places = Math.min(Math.max(precision, 0), 100);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  switch (conversion.toLowerCase()) {
    case "f":
      return fixed(value, places);
    case "e":
      return exponential(value, places);
    default:
      return general(value, places === 0 ? 1 : places);
  }
}

/** Rounds ties to even, as C does; `toFixed` rounds them up. */
function fixed(value: number, places: number): string {
  if (Number.isInteger(value) && (places === 0 || Math.abs(value) >= 1e21))
    return BigInt(value).toString();
  const text = value.toFixed(places);
  const exact = value.toFixed(Math.min(places + 30, 100));
  const rest = exact.slice(places === 0 ? exact.indexOf(".") + 1 : exact.indexOf(".") + 1 + places);
  const isOdd = /[13579]$/.test(text);
  if (!/^50*$/.test(rest) || !isOdd) return text;
  const cut = exact.slice(0, exact.length - rest.length);
  return cut.replace(/\.$/, "");
}

function exponential(value: number, places: number): string {
  return value.toExponential(places).replace(/e([-+])(\d)$/, "e$10$2");
}

function general(value: number, significant: number): string {
  if (value === 0) return "0";
  const exponent = Number(value.toExponential(significant - 1).split("e")[1]);
  const text =
    exponent < -4 || exponent >= significant
      ? exponential(value, significant - 1)
      : value.toFixed(Math.max(significant - 1 - exponent, 0));
  return text.replace(/(\.\d*?)0+(?=$|e)/, "$1").replace(/\.(?=$|e)/, "");
}

function pad(text: string, width: number, isLeft: boolean, isZeroed: boolean): string {
  if (isLeft) return text.padEnd(width);
  if (!isZeroed) return text.padStart(width);
  const [sign = ""] = /^[-+ ]?(?:0x)?/i.exec(text) ?? [];
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}
