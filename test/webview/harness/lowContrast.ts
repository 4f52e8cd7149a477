// Finds texts that are hard to read, in the page as it is drawn. Runs inside the browser.

/** Texts whose contrast with what lies behind them is below `least`, with the ratio. */
export function textsOfLowContrast(least: number): readonly string[] {
  type Rgba = readonly [number, number, number, number];
  const parse = (text: string): Rgba => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const over = (top: Rgba, ground: Rgba): Rgba => {
    const mix = (i: 0 | 1 | 2): number => top[i] * top[3] + ground[i] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  const luminance = ([red, green, blue]: Rgba): number => {
    const linear = (channel: number): number =>
      channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const groundOf = (element: Element | null): Rgba => {
    if (!element) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, groundOf(element.parentElement));
  };
  const isShown = (element: Element): boolean => {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && element.checkVisibility();
  };
  const isDisabled = (element: Element): boolean => element.closest(":disabled") !== null;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent?.trim();
    const element = texts.currentNode.parentElement;
    if (!text || !element || !isShown(element) || isDisabled(element)) continue;
    const style = getComputedStyle(element);
    const ground =
      element instanceof SVGElement && element.closest(".now")
        ? parse(getComputedStyle(element.parentElement?.querySelector("rect") ?? element).fill)
        : groundOf(element);
    const color = over(parse(element instanceof SVGElement ? style.fill : style.color), ground);
    const [light = 0, dark = 0] = [luminance(color), luminance(ground)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < least) found.push(`${ratio.toFixed(2)} ${JSON.stringify(text)}`);
  }
  return found;
}
