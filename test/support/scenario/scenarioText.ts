// Reads scenario files: claims, their source, and blocks of commands and facts (test/scenarios/README.md).

export interface Line {
  readonly text: string;
  /** The indented lines below it, without the indentation. */
  readonly below: readonly string[];
  /** Its number in the file. */
  readonly number: number;
}

/** What is done, and what must be so while it is done. */
export interface Block {
  readonly commands: readonly Line[];
  readonly facts: readonly Line[];
}

export interface ScenarioText {
  readonly claim: string;
  /** The component and file of Kubernetes that behaves so. */
  readonly source: string;
  readonly blocks: readonly Block[];
}

const separator = "----";

export function readScenarios(text: string): readonly ScenarioText[] {
  const scenarios: ScenarioText[] = [];
  let lines: Line[] = [];
  let head: string | undefined;
  const finish = (): void => {
    if (head !== undefined) scenarios.push(scenarioOf(head, lines));
    lines = [];
  };
  for (const line of gather(text))
    if (line.text.startsWith("=== ")) {
      finish();
      head = line.text.slice(4);
    } else if (head !== undefined) lines.push(line);
    else if (line.text !== "" && !line.text.startsWith("#"))
      throw new Error(`line ${line.number}: a scenario begins with "=== "`);
  finish();
  return scenarios;
}

/** Puts indented lines below the line that they belong to; a blank line among them is theirs. */
function gather(text: string): readonly Line[] {
  const lines: { text: string; below: string[]; number: number }[] = [];
  text.split("\n").forEach((raw, index) => {
    const above = lines.at(-1);
    if (/^\s+\S/.test(raw) && above) {
      const blank = above.text === "" ? lines.pop() : undefined;
      lines.at(-1)?.below.push(...(blank ? [""] : []), raw.slice(2));
    } else lines.push({ text: raw.trimEnd(), below: [], number: index + 1 });
  });
  return lines;
}

function scenarioOf(claim: string, lines: readonly Line[]): ScenarioText {
  const isComment = ({ text }: Line): boolean => text.startsWith("#");
  const sources = lines.filter(isComment).map(({ text }) => text.replace(/^#\s*/, ""));
  const blocks: { commands: Line[]; facts: Line[] }[] = [];
  let part: "none" | "commands" | "facts" = "none";
  for (const line of lines.filter((one) => !isComment(one)))
    if (line.text === "") part = "none";
    else if (line.text === separator) part = "facts";
    else {
      if (part === "none") {
        part = "commands";
        blocks.push({ commands: [], facts: [] });
      }
      const block = blocks.at(-1);
      if (part === "facts") block?.facts.push(line);
      else block?.commands.push(line);
    }
  return { claim, source: sources.join(" "), blocks };
}
