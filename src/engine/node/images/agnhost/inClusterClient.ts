// agnhost inclusterclient: asks the API server whether it is well, with the account's token, and tells
// which token that was. Source: test/images/agnhost/inclusterclient.

import { hash } from "../../../../base/random.ts";
import { second } from "../../../../base/time.ts";
import type { Executable } from "../../process/process.ts";
import { pause } from "../../steps.ts";
import { flagsOf, numberFlag } from "../flags.ts";
import { klogLine } from "../klogLine.ts";

const tokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token";

export const inClusterClient: Executable = function* (process) {
  const interval = numberFlag(flagsOf(process.argv.slice(2)), "poll-interval", 30);
  const log = (text: string) => process.stderr.write(klogLine(process, "main.go", text));
  log("started");
  for (;;) {
    log("calling /healthz");
    const token = process.files.readText(tokenFile);
    log(`authz_header=${hash(token).toString(16)}`);
    yield pause(interval * second, "polls the API server");
  }
};
