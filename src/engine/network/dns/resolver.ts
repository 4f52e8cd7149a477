// How libc finds a name: servers, search domains and ndots of resolv.conf, with its patience.
// Source: glibc resolv/res_query.c __res_context_search, res_send.c; resolv.conf(5).
import { second } from "../../../base/time.ts";
import type { Steps } from "../../node/steps.ts";
import type { DnsQuestion } from "../containerNetwork.ts";
import type { DnsAnswer, DnsType } from "./dnsRecord.ts";
import { parseResolvConf, type ResolverSettings } from "./resolvConf.ts";

export type SendQuestion = (question: DnsQuestion) => Steps<DnsAnswer>;

/** The names that are tried for `name`, in order. */
export function candidates(name: string, { search, options }: ResolverSettings): readonly string[] {
  if (name.endsWith(".")) return [name];
  const dots = name.split(".").length - 1;
  const searched = search.map((domain) => `${name}.${domain.replace(/\.$/, "")}.`);
  const ndots = Number(options.ndots ?? 1);
  return dots >= ndots ? [`${name}.`, ...searched] : [...searched, `${name}.`];
}

/**
 * @returns the answer of the first name that has one, or of the last that was tried
 */
export function* resolveName(
  { name, type }: { readonly name: string; readonly type: DnsType },
  { resolvConf, send }: { readonly resolvConf: string; readonly send: SendQuestion },
): Steps<DnsAnswer> {
  const settings = parseResolvConf(resolvConf);
  let answer: DnsAnswer | undefined;
  for (const candidate of candidates(name, settings)) {
    const next = yield* ask({ name: candidate, type }, settings, send);
    // A failure to get an answer ends the search.
    if (next.status === "TIMEOUT" || next.status === "UNREACHABLE") return next;
    if (next.status === "NOERROR" && next.records.length > 0) return next;
    // A name that exists without such a record is told of before one that does not exist.
    if (answer?.status !== "NOERROR") answer = next;
  }
  return answer ?? unanswered({ name, type });
}

/** Each server in turn, as often as `attempts` says, until one knows. */
function* ask(
  question: { readonly name: string; readonly type: DnsType },
  { servers, options }: ResolverSettings,
  send: SendQuestion,
): Steps<DnsAnswer> {
  const timeoutMs = Number(options.timeout ?? 5) * second;
  const attempts = Number(options.attempts ?? 2);
  let answer: DnsAnswer | undefined;
  for (let attempt = 0; attempt < attempts; attempt++)
    for (const address of servers.length > 0 ? servers : ["127.0.0.1"]) {
      const server = { address, port: 53 };
      answer = yield* send({ ...question, server, timeoutMs });
      if (answer.status === "NOERROR" || answer.status === "NXDOMAIN") return answer;
    }
  return answer ?? unanswered(question);
}

function unanswered(question: DnsAnswer["question"]): DnsAnswer {
  return {
    status: "TIMEOUT",
    question,
    records: [],
    authority: [],
    isAuthoritative: false,
    isRecursionAvailable: false,
    id: 0,
    server: { address: "", port: 53 },
  };
}
