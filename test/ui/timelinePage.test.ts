// The timeline's page in a real browser, with a recorded cluster instead of the extension.
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { type BrowserPage, openBrowser } from "../support/vscode/browser.ts";
import { openTimeline } from "../webview/harness/openPage.ts";
import { noFit } from "../webview/harness/recording.ts";
import { themeNames } from "../webview/harness/themes.ts";

/** Long enough to fetch a browser where there is none. */
const installTimeoutMs = 300_000;

describe("timeline page", () => {
  let browser: BrowserPage;
  let page: Page;

  before(async function () {
    this.timeout(installTimeoutMs);
    browser = await openBrowser();
    page = browser.page;
  });

  after(() => browser.close());

  afterEach(() => {
    const complaints = browser.consoleLines.filter((line) => /^(error|warning)/.test(line));
    assert.deepEqual(complaints, []);
  });

  for (const theme of themeNames)
    it(`can be read in ${theme}: every text has a contrast of 4.5`, async () => {
      await openTimeline(page, theme, "paused&now=400&reveal=unschedulable");
      await page.locator(".funnel").waitFor();
      await page.getByRole("button", { name: "Filter", exact: true }).click();
      assert.deepEqual(await page.evaluate("textsOfLowContrast(4.5)"), []);
      await page.getByRole("button", { name: "Show as a table" }).click();
      assert.deepEqual(await page.evaluate("textsOfLowContrast(4.5)"), []);
    });

  for (const theme of themeNames)
    it(`paints marks and bands in colours that differ from the ground in ${theme}`, async () => {
      await openTimeline(page, theme, "paused&now=400");
      await page.getByRole("button", { name: "Show everything" }).click();
      assert.ok((await coloursOn(page)) > 8);
    });

  it("shows the scheduler's own words and every node's verdict for a Pod that fits nowhere", async () => {
    await openTimeline(page, "dark", "paused&now=200&reveal=unschedulable");
    const inspector = page.locator(".inspector");
    await inspector.locator(".verdicts").waitFor();
    assert.equal(await inspector.locator(".server-words").textContent(), noFit);
    assert.equal(await inspector.locator(".verdicts thead th").count(), 5);
    assert.match(await textOf(inspector.locator(".funnel-none")), /No node fits/);
    await page.getByRole("button", { name: "Show all 12 filter plugins" }).click();
    assert.equal(await inspector.locator(".verdicts tbody tr").count(), 12);
  });

  it("names the winner of the scores", async () => {
    await openTimeline(page, "light", "paused&now=120&reveal=scheduled");
    await page.locator(".rank.chosen").waitFor();
    assert.match(await textOf(page.locator(".rank.chosen")), /worker-1[\s\S]*chosen/);
    assert.equal(await page.locator(".scores tbody tr").count(), 5);
  });

  it("keeps a thousand nodes in a few groups and few elements", async () => {
    await openTimeline(page, "dark", "paused&now=120&reveal=scheduled&nodes=1000");
    await page.locator(".rank").first().waitFor();
    assert.equal(await page.locator(".verdicts thead th").count(), 6);
    assert.ok((await page.locator(".rank").count()) < 30);
    assert.ok((await page.locator(".lane-label").count()) < 40);
  });

  it("is driven by the keyboard alone", async () => {
    await openTimeline(page, "dark", "paused&now=120");
    await page.locator(".chart-surface").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.locator(".inspector").waitFor();
    assert.match(await textOf(page.locator("[role=status]")), /^\d\d:\d\d:\d\d .+/);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(".inspector").count(), 0);
  });

  it("walks from an effect to its cause by a click", async () => {
    await openTimeline(page, "dark", "paused&now=120&reveal=scheduled");
    await page.locator(".chain .event-link").first().click();
    assert.match(await textOf(page.locator(".sentence")), /replicaset-controller created Pod/);
  });

  it("asks the extension to open the object", async () => {
    await openTimeline(page, "dark", "paused&now=120&reveal=scheduled");
    await page.getByRole("button", { name: "default/web-7c9f8d5b6-k2x7p", exact: true }).click();
    assert.deepEqual(await page.evaluate("asked"), [
      { kind: "Pod", namespace: "default", name: "web-7c9f8d5b6-k2x7p" },
    ]);
  });

  it("pauses and resumes, and has no such buttons for a cluster that it can't control", async () => {
    await openTimeline(page, "dark", "now=120");
    await page.getByRole("button", { name: "Pause the cluster's clock" }).click();
    await page.getByRole("button", { name: "Resume the cluster's clock" }).waitFor();
    await page.getByRole("combobox", { name: "Speed" }).selectOption("60");
    await openTimeline(page, "dark", "remote&now=120");
    assert.equal(await page.getByRole("combobox", { name: "Speed" }).count(), 0);
    assert.equal(await page.getByRole("button", { name: /the cluster's clock/ }).count(), 0);
  });

  it("has a table with all that the picture shows", async () => {
    await openTimeline(page, "dark", "paused&now=105");
    await page.getByRole("button", { name: "Show as a table" }).click();
    const range = await textOf(page.locator(".pager span"));
    const [, first, last] = /^(\d+)–(\d+) of \d+$/.exec(range) ?? [];
    assert.equal(
      await page.locator(".text-view tbody tr").count(),
      Number(last) - Number(first) + 1,
    );
    assert.match(await textOf(page.locator(".text-view tbody")), /became ready/);
  });

  it("comes back after a reload as it was left", async () => {
    await openTimeline(page, "dark", "paused&now=120");
    await page.getByRole("searchbox").fill("web-7c9");
    await page.getByRole("button", { name: "Show as a table" }).click();
    await page.locator('body[data-state*="web-7c9"][data-state*="isTextShown\\":true"]').waitFor();
    await page.reload();
    await page.locator(".text-view").waitFor();
    assert.equal(await page.getByRole("searchbox").inputValue(), "web-7c9");
  });

  it("says what to do while nothing runs", async () => {
    await openTimeline(page, "dark", "paused&empty&now=20");
    assert.match(await textOf(page.locator(".first-steps")), /right-click a YAML file/);
  });

  it("speaks Korean", async () => {
    await openTimeline(page, "dark", "paused&lang=ko&now=120&reveal=scheduled");
    await page.locator(".funnel").waitFor();
    assert.match(await textOf(page.locator(".inspector")), /모든 노드에서 하나로/);
  });

  it("puts the details below where it is narrow", async () => {
    const usual = page.viewportSize();
    await page.setViewportSize({ width: 420, height: 800 });
    await openTimeline(page, "dark", "paused&now=120&reveal=scheduled");
    await page.locator(".funnel").waitFor();
    const chart = await page.locator(".picture").boundingBox();
    const inspector = await page.locator(".inspector").boundingBox();
    assert.ok(
      chart && inspector && inspector.y >= chart.y + chart.height && inspector.height > 250,
    );
    if (usual) await page.setViewportSize(usual);
  });
});

async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? "";
}

/** How many colours the canvas has, small differences aside. */
function coloursOn(page: Page): Promise<number> {
  return page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const canvas = document.querySelector<HTMLCanvasElement>(".chart-surface canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return 0;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set<number>();
    for (let i = 0; i < data.length; i += 4)
      colours.add(
        ((data[i] ?? 0) >> 5) * 64 + ((data[i + 1] ?? 0) >> 5) * 8 + ((data[i + 2] ?? 0) >> 5),
      );
    return colours.size;
  });
}
