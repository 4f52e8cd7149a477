// package.json says the same as the code: every command, view, key and setting once.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import {
  commands,
  contextKeys,
  settings,
  timelineViewType,
  views,
  walkthroughId,
} from "../../src/vscode/commandIds.ts";

interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

const text = readFileSync("package.json", "utf8");
const manifest = JSON.parse(text) as {
  readonly [key: string]: unknown;
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { command: string; category: string; icon?: string }[];
    readonly views: Readonly<Record<string, readonly { id: string; icon: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { id: string; icon: string }[] };
    readonly viewsWelcome: readonly { view: string; when: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { default?: unknown; markdownDescription?: string }>
      >;
    };
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
};
const { contributes } = manifest;
const menuItems = Object.values(contributes.menus).flat();
const ids: readonly string[] = Object.values(commands);
const texts = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;

describe("package.json", () => {
  it("contributes exactly the commands of the code", () => {
    const contributed = contributes.commands.map(({ command }) => command);
    assert.deepEqual(contributed.toSorted(), ids.toSorted());
  });

  it("puts all commands under one category", () => {
    const categories = new Set(contributes.commands.map(({ category }) => category));
    assert.deepEqual([...categories], ["%extension.displayName%"]);
  });

  it("contributes the one view in the one container, with icons that exist", () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [views.container],
    );
    assert.deepEqual(
      contributes.views[views.container]?.map(({ id }) => id),
      [views.cluster],
    );
    const icons = [
      ...contributes.viewsContainers.activitybar,
      ...(contributes.views[views.container] ?? []),
    ].map(({ icon }) => icon);
    assert.deepEqual(
      icons.filter((icon) => !existsSync(icon)),
      [],
    );
  });

  it("contributes the settings of the code, each with a default and a description", () => {
    const { properties } = contributes.configuration;
    assert.deepEqual(Object.keys(properties).toSorted(), Object.values(settings).toSorted());
    const silent = Object.entries(properties).filter(
      ([, setting]) => setting.default === undefined || !setting.markdownDescription,
    );
    assert.deepEqual(silent, []);
  });

  it("has menus for known commands only, each under a condition or everywhere on purpose", () => {
    const unknown = menuItems.filter(({ command }) => !ids.includes(command));
    assert.deepEqual(unknown, []);
    assert.deepEqual(
      menuItems.filter(({ when }) => when === undefined),
      [],
    );
  });

  it("reads only context keys that the code sets", () => {
    const known: readonly string[] = [
      ...Object.values(contextKeys),
      ...Object.values(views),
      ...ids,
    ];
    const named = [
      ...menuItems.map(({ when = "" }) => when),
      ...contributes.viewsWelcome.map(({ when }) => when),
      ...contributes.walkthroughs.flatMap(({ steps }) =>
        steps.flatMap(({ completionEvents }) => completionEvents),
      ),
    ].flatMap((when) => [...when.matchAll(/kubernetesTutor\.\w+/g)].map(([key]) => key));
    assert.deepEqual(
      [...new Set(named)].filter((key) => !known.includes(key)),
      [],
    );
  });

  it("says what to do in every state without a tree", () => {
    const states = contributes.viewsWelcome.map(({ when }) => when).join(" ");
    for (const phase of ["stopped", "starting", "restarting", "failed"])
      assert.match(states, new RegExp(`== ${phase}\\b`));
  });

  it("shows few icons in the view's title", () => {
    const running = contributes.menus["view/title"]?.filter(
      ({ group, when }) => group?.startsWith("navigation") && when?.includes("== running"),
    );
    assert.ok((running?.length ?? 0) <= 4);
  });

  it("uses icons that the editor has", () => {
    const codicons = readFileSync("node_modules/@vscode/codicons/dist/codicon.css", "utf8");
    const missing = contributes.commands.filter(({ icon }) => {
      const name = /^\$\((.+)\)$/.exec(icon ?? "")?.[1];
      return name !== undefined && !codicons.includes(`.codicon-${name}:before`);
    });
    assert.deepEqual(missing, []);
  });

  it("starts only for YAML and JSON, its timeline and what one clicks", () => {
    assert.deepEqual(manifest.activationEvents, [
      "onLanguage:yaml",
      "onLanguage:json",
      "onLanguage:jsonc",
      `onWebviewPanel:${timelineViewType}`,
    ]);
  });

  it("links only to commands that exist", () => {
    const linked = Object.values(texts).flatMap((content) =>
      [...content.matchAll(/\(command:([\w.]+)/g)].map(([, id = ""]) => id),
    );
    const ours = linked.filter((id) => id.startsWith("kubernetesTutor."));
    const focus = `${views.cluster}.focus`;
    assert.deepEqual(
      ours.filter((id) => id !== focus && !ids.includes(id)),
      [],
    );
  });

  it("has one walkthrough, with a picture and an end for each step", () => {
    assert.deepEqual(
      contributes.walkthroughs.map(({ id }) => id),
      [walkthroughId],
    );
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    assert.equal(steps.length, 5);
    const pictures = steps.filter(({ media }) => !existsSync(media.svg) || !media.altText);
    assert.deepEqual(pictures, []);
    assert.deepEqual(
      steps.filter(({ completionEvents }) => completionEvents.length === 0),
      [],
    );
  });

  it("is filed where learners look", () => {
    assert.deepEqual(manifest.categories, ["Education", "Visualization", "Other"]);
    assert.ok(manifest.keywords.length <= 5);
  });
});
