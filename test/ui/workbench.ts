// The installed extension in a real workbench, as a user sees it.
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { type BrowserPage, openBrowser } from "../support/vscode/browser.ts";
import { root, temporaryFolder, vsixFile } from "../support/vscode/paths.ts";
import { createProfile, type Settings } from "../support/vscode/profile.ts";
import { installExtension, type Server, startServer } from "../support/vscode/server.ts";
import { rowLocator, type TreeRow, visibleRows } from "./treeRows.ts";

const screenshots = join(root, "out/screenshots");

/** How long the workbench may take to show what a test waits for. */
const patienceMs = 20_000;
const pollMs = 100;
const menuPatienceMs = 5_000;
const menuAttempts = 4;

const visibleWebview = "iframe.webview.ready:visible";

/**
 * One theme of each kind: its setting, its name in the picker, and what the workbench and webviews
 * carry as a mark of its kind.
 */
export const themes = {
  light: { setting: "Light 2026", name: "Light 2026", cssClass: "vs", webviewKind: "vscode-light" },
  dark: {
    setting: "Dark 2026",
    name: "Dark 2026",
    cssClass: "vs-dark",
    webviewKind: "vscode-dark",
  },
  "hc-black": {
    setting: "Default High Contrast",
    name: "Dark High Contrast",
    cssClass: "hc-black",
    webviewKind: "vscode-high-contrast",
  },
  "hc-light": {
    setting: "Default High Contrast Light",
    name: "Light High Contrast",
    cssClass: "hc-light",
    webviewKind: "vscode-high-contrast-light",
  },
} as const;

/** The name of one of the four. */
export type Theme = keyof typeof themes;

/** How to open a workbench. */
export interface WorkbenchOptions {
  /** The folder to open a throw-away copy of; without it, examples/. */
  readonly folder?: string;
  readonly settings?: Settings;
  readonly theme?: Theme;
  /** The packed extension; without it, the one that `npm run package` wrote. */
  readonly vsix?: string;
  /** Opens the folder in restricted mode until it is trusted. */
  readonly workspaceTrust?: boolean;
  /** The browser's language, such as "ko". */
  readonly locale?: string;
}

/** A row of the Problems panel. */
export interface Problem {
  /** With the source and the code that the panel appends. */
  readonly message: string;
  /** "error", "warning" or "info". */
  readonly severity: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** One window of VS Code with the extension, a profile and a workspace of its own. */
export class Workbench {
  readonly page: Page;
  /** The opened copy of the folder; what is written into it is thrown away. */
  readonly folder: string;
  private readonly browser: BrowserPage;
  private readonly server: Server;
  private readonly opened: AsyncDisposableStack;
  private theme: Theme;

  private constructor(parts: {
    browser: BrowserPage;
    server: Server;
    opened: AsyncDisposableStack;
    folder: string;
    theme: Theme;
  }) {
    this.browser = parts.browser;
    this.page = parts.browser.page;
    this.server = parts.server;
    this.opened = parts.opened;
    this.folder = parts.folder;
    this.theme = parts.theme;
  }

  /** Installs the extension, starts a server and opens the folder: about 10 seconds. */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const theme = options.theme ?? "dark";
    const workspaceTrust = options.workspaceTrust ?? false;
    const opened = new AsyncDisposableStack();
    try {
      const profile = createProfile({
        "workbench.colorTheme": themes[theme].setting,
        "security.workspace.trust.enabled": workspaceTrust,
        // On a busy machine something takes the focus back after a picker has opened.
        "workbench.quickOpen.closeOnFocusLost": false,
        ...options.settings,
      });
      opened.defer(profile.remove);
      await installExtension(profile, options.vsix ?? vsixFile);
      const folder = copyOfFolder(options.folder ?? join(root, "examples"), opened);
      const server = await startServer({ profile, workspaceTrust });
      opened.defer(server.stop);
      const browser = await openBrowser(options.locale ? { locale: options.locale } : {});
      opened.defer(browser.close);
      browser.page.setDefaultTimeout(patienceMs);
      const workbench = new Workbench({ browser, server, opened, folder, theme });
      await workbench.openFolder(folder);
      return workbench;
    } catch (error) {
      await opened.disposeAsync();
      throw error;
    }
  }

  /** Ends everything and removes the profile and the workspace. */
  close(): Promise<void> {
    return this.opened.disposeAsync();
  }

  /** What the window wrote to its console, without the workbench's own noise. */
  get consoleLines(): readonly string[] {
    return this.browser.consoleLines;
  }

  /** Opens a folder in the window, and waits until the workbench stands and extensions may run. */
  async openFolder(folder: string): Promise<void> {
    const address = new URL(this.server.origin);
    address.searchParams.set("folder", folder);
    await this.page.goto(address.href);
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 60_000 });
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
  }

  /** Loads the window again, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.openFolder(this.folder);
  }

  // ── Activity bar, sidebar and trees ──────────────────────────────────────────────────────────

  /** Shows the view container whose activity-bar item has this name. */
  async openContainer(name: string): Promise<void> {
    const item = this.page.locator(`.activitybar .action-item a[aria-label^="${name}"]`);
    const holder = item.locator("xpath=..");
    if (!(await holder.getAttribute("class"))?.includes("checked")) await item.click();
    await this.page.locator(`.sidebar .composite.title h2`, { hasText: name }).waitFor();
  }

  /** The body of a view of the sidebar; without a title, of all of them. */
  view(title?: string): Locator {
    if (!title) return this.page.locator(".sidebar .pane-body");
    const header = this.page.locator(`.pane-header[aria-label^="${title}"]`);
    return this.page.locator(".sidebar .pane", { has: header }).locator(".pane-body");
  }

  /** The rows that a view shows now, from the top; those scrolled out of sight aren't among them. */
  rows(viewTitle?: string): Promise<readonly TreeRow[]> {
    return visibleRows(this.view(viewTitle));
  }

  /** The row with this label, for clicking, hovering and waiting: `row("etcd").waitFor()`. */
  row(label: string | RegExp, viewTitle?: string): Locator {
    return rowLocator(this.view(viewTitle), label);
  }

  /** Expands or collapses a row. */
  async toggle(label: string | RegExp, viewTitle?: string): Promise<void> {
    await this.row(label, viewTitle).locator(".monaco-tl-twistie").click();
  }

  /** A row's context menu: the names of its entries, for checking what is offered. */
  async menuOf(row: Locator): Promise<readonly string[]> {
    await this.openMenu(row);
    const labels = await this.page.locator(".monaco-menu .action-label").allInnerTexts();
    await this.page.keyboard.press("Escape");
    await this.page.locator(".monaco-menu").waitFor({ state: "detached" });
    return labels.map((label) => label.trim()).filter((label) => label !== "");
  }

  /**
   * Right-clicks a row and chooses an entry of its context menu; more entries lead through
   * submenus. The keyboard chooses, for menus ignore a click that comes too soon after they opened.
   */
  async chooseFromMenu(row: Locator, ...entries: readonly (string | RegExp)[]): Promise<void> {
    await this.openMenu(row);
    for (const entry of entries) {
      const item = this.page.locator(".monaco-menu .action-item", { hasText: entry }).last();
      await item.hover();
      await item.and(this.page.locator(".focused")).waitFor();
      await this.page.keyboard.press("Enter");
    }
  }

  private async openMenu(row: Locator): Promise<void> {
    const item = this.page.locator(".monaco-menu .action-item").first();
    // A row that is drawn anew between press and release swallows the click.
    for (let attempt = 1; ; attempt++) {
      await this.leaveHover();
      await row.click({ button: "right" });
      try {
        await item.waitFor({ timeout: menuPatienceMs });
        return;
      } catch (error) {
        if (attempt === menuAttempts) throw error;
      }
    }
  }

  /** A hover of another row may cover the one that is meant. */
  private async leaveHover(): Promise<void> {
    await this.page.mouse.move(0, 0);
    await this.page.locator(".monaco-hover:visible").waitFor({ state: "detached" });
  }

  // ── Explorer and editors ─────────────────────────────────────────────────────────────────────

  /** Shows the Explorer and returns the row of a file in it. */
  async explorerRow(file: string): Promise<Locator> {
    await this.openContainer("Explorer");
    return this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: file }).first();
  }

  /** Opens a file of the workspace in an editor. */
  async openFile(file: string): Promise<void> {
    await (await this.explorerRow(file)).dblclick();
    await this.page.locator(`.tab.active[data-resource-name="${file}"]`).waitFor();
    await this.editor().locator(".view-line").first().waitFor();
  }

  /** Brings an open editor to the front. */
  async showTab(title: string): Promise<void> {
    const tab = this.page.locator(".tab", { hasText: title });
    await tab.click();
    await tab.and(this.page.locator(".active")).waitFor();
  }

  /** Closes all editors. */
  async closeEditors(): Promise<void> {
    await this.runCommand("View: Close All Editors");
    await this.page.locator(".tabs-container .tab").first().waitFor({ state: "detached" });
  }

  /** The active text editor. */
  editor(): Locator {
    return this.page.locator(".editor-group-container.active .editor-instance").first();
  }

  /** Squiggles in the active editor, for instance `squiggles("error")`. */
  squiggles(severity: "error" | "warning" | "info" | "hint"): Locator {
    return this.editor().locator(`.squiggly-${severity}`);
  }

  // ── Commands and pickers ─────────────────────────────────────────────────────────────────────

  /** Runs a command by its title in the command palette. */
  async runCommand(title: string): Promise<void> {
    await this.leaveWebview();
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input.input").fill(`>${title}`);
    await this.pick(title);
  }

  /** A webview would take its focus back from a picker. */
  private async leaveWebview(): Promise<void> {
    await this.page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement instanceof HTMLIFrameElement) activeElement.blur();
    });
  }

  /** Chooses an entry of the open picker. */
  async pick(entry: string | RegExp): Promise<void> {
    await this.quickInputRows().filter({ hasText: entry }).first().click();
  }

  /** The entries of the open picker or of the command palette. */
  quickInputRows(): Locator {
    return this.page.locator(".quick-input-list .monaco-list-row");
  }

  /** Answers the open input box. */
  async answer(text: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input.input");
    await input.fill(text);
    await input.press("Enter");
  }

  // ── Problems, notifications, status bar ──────────────────────────────────────────────────────

  /** Shows the Problems panel and reads what it lists now. */
  async problems(): Promise<readonly Problem[]> {
    const panel = this.page.locator(".markers-panel");
    if (!(await panel.isVisible())) await this.runCommand("Problems: Focus on Problems View");
    await panel.waitFor();
    const rows = panel.locator(".monaco-list-row:has(.marker-icon)");
    return rows.evaluateAll((elements) =>
      elements.map((row) => {
        const text = row.querySelector(".marker-message-line")?.textContent ?? "";
        const place = /\s*\[Ln (\d+), Col (\d+)\]\s*$/.exec(text);
        return {
          message: text.slice(0, place?.index),
          severity: /codicon-(error|warning|info)/.exec(row.innerHTML)?.[1] ?? "",
          line: Number(place?.[1]),
          column: Number(place?.[2]),
        };
      }),
    );
  }

  /** Notification toasts in sight. */
  toasts(): Locator {
    return this.page.locator(".notification-toast");
  }

  /** Waits for a toast with this text and presses one of its buttons. */
  async answerToast(text: string | RegExp, button: string): Promise<void> {
    const toast = this.toasts().filter({ hasText: text });
    await toast.locator(".monaco-button", { hasText: button }).click();
  }

  /** The item of the status bar with this text. */
  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item", { hasText: text });
  }

  /**
   * Reads again and again until the value is as expected.
   * @throws Error with the last value when the workbench has taken too long.
   */
  async expect<T>(read: () => Promise<T>, isExpected: (value: T) => boolean): Promise<T> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const value = await read();
      if (isExpected(value)) return value;
      if (performance.now() > deadline)
        throw new Error(`waited in vain; last: ${JSON.stringify(value, null, 2)}`);
      await this.page.waitForTimeout(pollMs);
    }
  }

  // ── Webviews ─────────────────────────────────────────────────────────────────────────────────

  /** The document of the webview in sight: `webview().locator("h1")`. */
  webview(): FrameLocator {
    return this.page.frameLocator(visibleWebview).frameLocator("iframe#active-frame");
  }

  // ── Looks ────────────────────────────────────────────────────────────────────────────────────

  /** Switches the colour theme, as "Preferences: Color Theme" does. */
  async setTheme(theme: Theme): Promise<void> {
    const { name, cssClass, webviewKind } = themes[theme];
    await this.runCommand("Preferences: Color Theme");
    await this.page.locator(".quick-input-widget input.input").fill(name);
    await this.pick(name);
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    await this.page.locator(`.monaco-workbench.${cssClass}`).waitFor();
    if (await this.page.locator(visibleWebview).count())
      await this.webview().locator(`body[data-vscode-theme-kind="${webviewKind}"]`).waitFor();
    this.theme = theme;
  }

  /** Keeps a picture of the window as out/screenshots/NAME-THEME.png, and returns its path. */
  async screenshot(name: string): Promise<string> {
    mkdirSync(screenshots, { recursive: true });
    const path = join(screenshots, `${name}-${this.theme}.png`);
    await this.page.screenshot({ path, animations: "disabled" });
    return path;
  }
}

/** Copies a folder to a throw-away place, under its own name, which the window shows. */
function copyOfFolder(source: string, opened: AsyncDisposableStack): string {
  const temporary = temporaryFolder("workspace");
  opened.defer(() => rmSync(temporary, { recursive: true, force: true }));
  const folder = join(temporary, basename(source));
  cpSync(source, folder, { recursive: true });
  return folder;
}
