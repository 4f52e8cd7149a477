// Floating-point numbers as Go prints them. Source: Go's strconv.FormatFloat.

/** From 1e+06 on, and below 1e-04, numbers have an exponent. */
const largestPlainExponent = 6;

/** Format 'g' with as many digits as it takes: "1.5", "1e+06", "+Inf". */
export function goFloatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "0", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < largestPlainExponent) return plain(value);
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** Without an exponent, which JavaScript uses for small numbers earlier than Go. */
function plain(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  const [mantissa = "", exponent = "0"] = text.split("e");
  return value.toFixed(Math.max(0, mantissa.replace(/[-.]/g, "").length - 1 - Number(exponent)));
}
