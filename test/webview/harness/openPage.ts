// Opens the stand-alone page in a browser. Nothing leaves the machine: each request is answered here.
import type { Page } from "playwright-core";
import { harnessFiles } from "./page.ts";
import type { ThemeName } from "./themes.ts";

/** A secure context, as a webview is. */
const origin = "http://localhost";

const contentTypes: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  ttf: "font/ttf",
};

/** `query` chooses what the stand-in for the extension plays, see standIn.ts. */
export async function openTimeline(page: Page, theme: ThemeName, query = ""): Promise<void> {
  const files = await harnessFiles(theme);
  await page.unrouteAll();
  await page.route(`${origin}/**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || "index.html";
    const body = files.get(name);
    return body
      ? route.fulfill({ body, contentType: contentTypes[name.split(".").at(-1) ?? ""] ?? "" })
      : route.fulfill({ status: 404, body: "" });
  });
  await page.goto(`${origin}/?${query}`);
  await page.locator(".timeline[aria-busy=false]").waitFor();
}
