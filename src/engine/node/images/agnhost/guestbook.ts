// agnhost guestbook: a store with replicas, and a page before it that asks them by their Services' names.
// Source: test/images/agnhost/guestbook.
import { second } from "../../../../base/time.ts";
import { isNetworkFailure } from "../../../network/containerNetwork.ts";
import { exchangeHttp, type HttpResponse } from "../../../network/http1.ts";
import { textOf } from "../../process/byteText.ts";
import type { Executable, ProcessContext } from "../../process/process.ts";
import { untilSignal } from "../../process/untilSignal.ts";
import { pause, type Steps } from "../../steps.ts";
import { flagsOf, numberFlag } from "../flags.ts";
import { type Asked, notFound, serveAt, textAnswer } from "../httpServer.ts";

const primary = "agnhost-primary";
const replica = "agnhost-replica";
const terminatedCode = 2;
const registerEveryMs = 5 * second;

export const guestbook: Executable = function* (process) {
  const flags = flagsOf(process.argv.slice(2));
  const port = numberFlag(flags, "http-port", 80);
  const book = new Guestbook(process, numberFlag(flags, "backend-port", 6_379));
  const leader = flags.values.get("replicaof") ?? flags.values.get("slaveof") ?? "";
  if (leader !== "") process.thread(book.register(leader));
  serveAt(process, port, (asked) => book.answer(asked));
  yield* untilSignal(process);
  return terminatedCode;
};

class Guestbook {
  private readonly entries = new Map<string, string>();
  private readonly replicas = new Set<string>();

  constructor(
    private readonly process: ProcessContext,
    private readonly backendPort: number,
  ) {}

  /** Tells the primary of this replica until it has listened. */
  *register(leader: string): Steps {
    const own = this.process.network.addresses[0] ?? "";
    while ((yield* this.get(leader, `/register?host=${own}`)) === undefined)
      yield pause(registerEveryMs, "registers again");
  }

  *answer({ path, query, connection }: Asked): Steps<HttpResponse> {
    const [key = "", value = ""] = [query.get("key"), query.get("value")];
    switch (path) {
      case "/register": {
        const host = query.get("host") ?? connection.peer.address;
        this.replicas.add(host);
        return json({ data: Object.fromEntries(this.entries) });
      }
      case "/set":
        this.entries.set(key, value);
        for (const host of this.replicas)
          yield* this.get(host, `/set?key=${key}&value=${encodeURIComponent(value)}`);
        return textAnswer("");
      case "/get":
        return json({ data: this.entries.get(key) ?? "" });
      case "/guestbook":
        return yield* this.page(query.get("cmd") ?? "", key, value);
      case "/healthz":
        return textAnswer("ok");
      default:
        return path === "/" ? textAnswer("guestbook") : notFound;
    }
  }

  private *page(command: string, key: string, value: string): Steps<HttpResponse> {
    if (command === "set") {
      const done = yield* this.get(primary, `/set?key=${key}&value=${encodeURIComponent(value)}`);
      return done === undefined
        ? textAnswer("unable to set data", 417)
        : json({ message: "Updated" });
    }
    const data = yield* this.get(replica, `/get?key=${key}`);
    return data === undefined ? textAnswer("unable to get data", 417) : textAnswer(data);
  }

  private *get(host: string, target: string): Steps<string | undefined> {
    const addresses = yield* this.process.network.lookup(host);
    if (!("length" in addresses)) return undefined;
    const to = { address: addresses[0] ?? "", port: this.backendPort, protocol: "TCP" } as const;
    const connection = yield* this.process.network.connect({ ...to, timeoutMs: registerEveryMs });
    if (isNetworkFailure(connection)) return undefined;
    const headers = [
      ["Host", host],
      ["Connection", "close"],
    ] as const;
    const request = { method: "GET", target, headers, body: new Uint8Array() };
    const answer = yield* exchangeHttp(connection, request);
    connection.close();
    return !answer || "malformed" in answer ? undefined : textOf(answer.body);
  }
}

function json(value: unknown): HttpResponse {
  return textAnswer(JSON.stringify(value));
}
