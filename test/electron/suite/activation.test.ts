import assert from "node:assert/strict";
import { commands } from "vscode";
import { activated, extension } from "../extension.ts";

describe("the extension", () => {
  it("activates", async () => {
    await activated();
    assert.equal(extension().isActive, true);
  });

  it("registers every command that its manifest contributes", async () => {
    await activated();
    const registered = new Set(await commands.getCommands(true));
    const contributed: { command: string }[] = extension().packageJSON.contributes?.commands ?? [];
    const missing = contributed.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});
