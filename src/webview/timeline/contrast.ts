// Colours that can be told from their ground, whatever the theme. Source: WCAG 2.2, contrast ratio.

/** Red, green, blue from 0 to 255 and opacity from 0 to 1. */
export type Color = readonly [red: number, green: number, blue: number, alpha: number];

/** Reads "#rgb", "#rrggbb", "#rrggbbaa", "rgb(...)" and "rgba(...)"; undefined for anything else. */
export function parseColor(text: string): Color | undefined {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text.trim())?.[1];
  if (hex) return parseHex(hex);
  const numbers = /^rgba?\(([^)]*)\)$/i
    .exec(text.trim())?.[1]
    ?.split(/[\s,/]+/)
    .map(Number);
  if (!numbers || numbers.length < 3 || numbers.some(Number.isNaN)) return undefined;
  const [red = 0, green = 0, blue = 0, alpha = 1] = numbers;
  return [red, green, blue, alpha];
}

export function cssColor([red, green, blue, alpha]: Color): string {
  return `rgba(${Math.round(red)}, ${Math.round(green)}, ${Math.round(blue)}, ${alpha})`;
}

/** `top` as it looks when painted on an opaque ground. */
export function flatten(top: Color, ground: Color): Color {
  return [...mixed(ground, top, top[3]), 1];
}

/** From 1 (the same) to 21 (black on white), of opaque colours. */
export function contrast(a: Color, b: Color): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** `color` moved towards `text` as little as gives the contrast with the ground, if `text` has it. */
export function readable(color: Color, ground: Color, text: Color, wanted = 4.5): Color {
  const opaque = flatten(color, ground);
  for (let share = 0; share < 1; share += 0.05) {
    const candidate: Color = [...mixed(opaque, text, share), 1];
    if (contrast(candidate, ground) >= wanted) return candidate;
  }
  return flatten(text, ground);
}

function parseHex(hex: string): Color | undefined {
  const digits = hex.length <= 4 ? [...hex].map((digit) => digit + digit).join("") : hex;
  if (digits.length !== 6 && digits.length !== 8) return undefined;
  const [red = 0, green = 0, blue = 0, alpha = 255] = (digits.match(/../g) ?? []).map((pair) =>
    Number.parseInt(pair, 16),
  );
  return [red, green, blue, alpha / 255];
}

function mixed(a: Color, b: Color, share: number): readonly [number, number, number] {
  const [red, green, blue] = [0, 1, 2].map((i) => (a[i] ?? 0) * (1 - share) + (b[i] ?? 0) * share);
  return [red ?? 0, green ?? 0, blue ?? 0];
}

function luminance([red, green, blue]: Color): number {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
