// What is asked of DNS servers and what they say, as data. Source: RFC 1035, RFC 2782.

export type DnsType = "A" | "AAAA" | "CNAME" | "SRV" | "PTR" | "TXT" | "NS" | "SOA" | "MX" | "ANY";

export interface DnsRecord {
  /** With a final dot: "web.default.svc.cluster.local." */
  readonly name: string;
  readonly type: DnsType;
  readonly ttlSeconds: number;
  /**
   * As a zone file would say it: "10.96.0.1"; for SRV "0 100 80 web.default.svc.cluster.local."; for CNAME,
   * PTR and NS a name with a final dot.
   */
  readonly data: string;
}

export type DnsStatus = "NOERROR" | "FORMERR" | "SERVFAIL" | "NXDOMAIN" | "NOTIMP" | "REFUSED";

export interface DnsAnswer {
  /** "TIMEOUT": no server answered. "UNREACHABLE": the server's port is closed, or no way leads there. */
  readonly status: DnsStatus | "TIMEOUT" | "UNREACHABLE";
  readonly question: { readonly name: string; readonly type: DnsType };
  /** Empty with NOERROR: the name exists, but has no record of this type. */
  readonly records: readonly DnsRecord[];
  /** In a negative answer, the zone's SOA. */
  readonly authority: readonly DnsRecord[];
  readonly isAuthoritative: boolean;
  readonly isRecursionAvailable: boolean;
  readonly id: number;
  /** Who was asked, e.g. "10.96.0.10", port 53. */
  readonly server: { readonly address: string; readonly port: number };
}
