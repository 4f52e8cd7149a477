import assert from "node:assert/strict";
import { useWorkbench } from "./useWorkbench.ts";

describe("the installed extension", () => {
  const workbench = useWorkbench();

  it("has a container in the activity bar with a tree in it", async () => {
    await workbench().openContainer("Kubernetes Tutor");
    await workbench().view().first().waitFor();
    await workbench().screenshot("container");
  });

  it("opens without an error in the window", () => {
    const errors = workbench().consoleLines.filter((line) => line.startsWith("uncaught:"));
    assert.deepEqual(errors, []);
  });
});
