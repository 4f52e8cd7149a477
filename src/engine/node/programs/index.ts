// The programs that images bring along, by their names.
import type { Executable } from "../process/process.ts";
import { shellProgram } from "./shell/shellProgram.ts";
import { awkTools } from "./tools/awk.ts";
import { basicTools } from "./tools/basicTools.ts";
import { ddTools } from "./tools/dd.ts";
import { encodingTools } from "./tools/encodingTools.ts";
import { exprTools } from "./tools/expr.ts";
import { fileTools } from "./tools/fileTools.ts";
import { findTools } from "./tools/find.ts";
import { grepTools } from "./tools/grep.ts";
import { lineTools } from "./tools/lineTools.ts";
import { listingTools } from "./tools/listingTools.ts";
import { lsTools } from "./tools/ls.ts";
import { networkTools } from "./tools/network/networkTools.ts";
import { processTools } from "./tools/processTools.ts";
import { sedTools } from "./tools/sed.ts";
import { systemTools } from "./tools/systemTools.ts";
import { tailTools } from "./tools/tail.ts";
import { tarTools } from "./tools/tar.ts";
import { textTools } from "./tools/textTools.ts";
import { type Tools, toolProgram, type Userland } from "./tools/tool.ts";

const tools: Tools = {
  ...awkTools,
  ...basicTools,
  ...ddTools,
  ...encodingTools,
  ...exprTools,
  ...fileTools,
  ...findTools,
  ...grepTools,
  ...lineTools,
  ...listingTools,
  ...lsTools,
  ...networkTools,
  ...processTools,
  ...sedTools,
  ...systemTools,
  ...tailTools,
  ...tarTools,
  ...textTools,
};

/**
 * All programs in the words of busybox, or of Debian's packages.
 * @param version of busybox: "1.28" has another nslookup than what came later
 */
export function programsOf(userland: Userland, version = "1.36"): ReadonlyMap<string, Executable> {
  const shells: [string, Executable][] = [
    ["sh", shellProgram(userland === "busybox" ? "ash" : "dash")],
    ["bash", shellProgram("bash")],
  ];
  const others = Object.entries(tools).map(([name, body]): [string, Executable] => [
    name,
    toolProgram(body, userland, version),
  ]);
  return new Map([...shells, ...others]);
}
