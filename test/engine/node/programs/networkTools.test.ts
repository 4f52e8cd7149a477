import assert from "node:assert/strict";
import type { EndpointSlice, Service } from "../../../../src/api/types.ts";
import { Random } from "../../../../src/base/random.ts";
import { utf8Bytes } from "../../../../src/base/utf8.ts";
import { coreDnsCorefile } from "../../../../src/engine/bootstrap/kubeadm/coreDns.ts";
import { coreDnsReply } from "../../../../src/engine/network/dns/coreDns.ts";
import { parseCorefile } from "../../../../src/engine/network/dns/corefile.ts";
import type { DnsType } from "../../../../src/engine/network/dns/dnsRecord.ts";
import { serveDns } from "../../../../src/engine/network/dns/serveDns.ts";
import {
  type HttpRequest,
  type HttpResponse,
  serveHttp,
} from "../../../../src/engine/network/http1.ts";
import { openWorld } from "../../../../src/engine/network/world.ts";
import { runSteps, type Steps } from "../../../../src/engine/node/steps.ts";
import { TestNetwork } from "../../network/testNetwork.ts";
import { runScript } from "./runScript.ts";

const web: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: { clusterIP: "10.96.0.80", ports: [{ port: 80 }] },
};

function* answer({ method, target, headers, body }: HttpRequest): Steps<HttpResponse> {
  const type = ["Content-Type", "text/plain"] as const;
  const page = (status: number, text: string): HttpResponse => ({
    status,
    headers: [["Server", "test"], type],
    body: utf8Bytes(text),
  });
  if (target === "/missing") return page(404, "no such page\n");
  if (target === "/moved") return { ...page(302, ""), headers: [["Location", "/"]] };
  if (target === "/echo") return page(200, `${method} ${new TextDecoder().decode(body)}\n`);
  if (target === "/headers")
    return page(200, headers.map(([name, value]) => `${name}: ${value}\n`).join(""));
  return page(200, "hello\n");
}

/** A client in a Pod, a web server behind the Service `web`, and CoreDNS. */
function world() {
  const net = new TestNetwork();
  openWorld(net.network);
  const server = net.pod("server", "node-2");
  const [ip = ""] = server.addresses;
  server.listen("TCP", 8080, (connection) =>
    runSteps(net.clock, serveHttp(connection, answer), () => undefined),
  );
  net.service({ clusterIP: "10.96.0.80" }, [{ ip, node: "node-2" }]);
  const dns = net.pod("coredns", "node-1");
  const blocks = parseCorefile(coreDnsCorefile, "Corefile");
  assert.ok(!("error" in blocks));
  const random = new Random(3);
  const noSlices: readonly EndpointSlice[] = [];
  const settings = {
    blocks,
    port: 53,
    world: {
      names: {
        hasNamespace: (name: string) => name === "default",
        service: (_namespace: string, name: string) => (name === "web" ? web : undefined),
        services: () => [web],
        slices: () => noSlices,
        allSlices: () => noSlices,
        hasPod: () => false,
      },
      serial: 1,
      readFile: (path: string) =>
        path === "/etc/resolv.conf" ? "nameserver 172.18.0.1\n" : undefined,
      ask: (question: { name: string; type: DnsType }, to: { address: string; port: number }) =>
        dns.query({ ...question, server: to, timeoutMs: 2_000 }),
      below: (bound: number) => random.below(bound),
    },
  };
  dns.listen("UDP", 53, (connection) =>
    runSteps(
      net.clock,
      serveDns(connection, (query) => coreDnsReply(query, settings)),
      () => undefined,
    ),
  );
  const resolvConf = `search default.svc.cluster.local svc.cluster.local cluster.local
nameserver ${dns.addresses[0]}
options ndots:5
`;
  net.pod("client", "node-1");
  const files = { resolvConf: () => resolvConf, hosts: () => "127.0.0.1 localhost\n" };
  const openNetwork = () =>
    net.network.forProcesses(net.machine("node-1"), { podUid: "client", files });
  net.clock.run(2_000);
  return { net, ip, openNetwork, resolvConf, dnsAddress: dns.addresses[0] ?? "" };
}

function run(script: string, userland: "busybox" | "debian" = "busybox", version = "1.36") {
  const { net, ip, openNetwork, resolvConf, dnsAddress } = world();
  const end = runScript(script.replaceAll("POD_IP", ip), {
    userland,
    version,
    on: { clock: net.clock, openNetwork },
    files: { "/etc/resolv.conf": resolvConf },
  });
  const plain = (text: string) => text.replaceAll(ip, "POD_IP").replaceAll(dnsAddress, "DNS_IP");
  return { stdout: plain(end.stdout), stderr: plain(end.stderr), code: end.code };
}

const cannotConnect = "Could not connect to server";

describe("the network's tools in a container", () => {
  for (const [script, stdout, stderr, code] of [
    ["wget -qO- http://web", "hello\n", "", 0],
    ["wget -q -O- web/missing", "", "wget: server returned error: HTTP/1.1 404 Not Found\n", 1],
    ["wget -qO- http://nowhere", "", "wget: bad address 'nowhere'\n", 1],
    [
      "wget -qO- POD_IP:81",
      "",
      "wget: can't connect to remote host (POD_IP): Connection refused\n",
      1,
    ],
    ["wget -qO- -T 2 http://192.0.2.1", "", "wget: download timed out\n", 1],
    ["wget -q --spider http://web && echo up", "up\n", "", 0],
    [
      "wget -O- http://web",
      "hello\n",
      "Connecting to web (10.96.0.80:80)\nwriting to stdout\n-                    100% |********************************|     6  0:00:00 ETA\nwritten to stdout\n",
      0,
    ],
    ["wget -q web && cat index.html", "hello\n", "", 0],
    ["wget -qO- --post-data a=1 http://web/echo", "POST a=1\n", "", 0],
    ["curl -s http://web", "hello\n", "", 0],
    ["curl -s -o /dev/null -w '%{http_code}\\n' http://web/missing", "404\n", "", 0],
    ["curl -sf http://web/missing", "", "", 22],
    ["curl -sSf web/missing", "", "curl: (22) The requested URL returned error: 404\n", 22],
    ["curl -sS http://nowhere", "", "curl: (6) Could not resolve host: nowhere\n", 6],
    [
      "curl -sS POD_IP:81",
      "",
      `curl: (7) Failed to connect to POD_IP port 81 after 2 ms: ${cannotConnect}\n`,
      7,
    ],
    [
      "curl -sS --connect-timeout 3 192.0.2.1",
      "",
      "curl: (28) Connection timed out after 3000 milliseconds\n",
      28,
    ],
    [
      "curl -sS -m 2 192.0.2.1",
      "",
      "curl: (28) Connection timed out after 2000 milliseconds\n",
      28,
    ],
    ["curl -sI http://web | head -1", "HTTP/1.1 200 OK\r\n", "", 0],
    ["curl -s -i web | tail -1", "hello\n", "", 0],
    ["curl -s http://web/moved; curl -sL http://web/moved", "hello\n", "", 0],
    ["curl -s -d a=1 -d b=2 web/echo", "POST a=1&b=2\n", "", 0],
    ["curl -s -X PUT web/echo", "PUT \n", "", 0],
    ["curl -s -H 'X-Test: yes' web/headers | grep X-", "X-Test: yes\n", "", 0],
    ["curl -s web/headers | head -1", "Host: web\n", "", 0],
    ["curl -s --retry 2 --retry-delay 1 web", "hello\n", "", 0],
    ["curl -sSk https://POD_IP:8080", "", "curl: (35) TLS is not simulated in containers\n", 35],
    ["wget -qO- https://POD_IP:8080", "", "wget: TLS is not simulated in containers\n", 1],
    ["nc -z -w 1 web 80 && echo open", "open\n", "", 0],
    ["nc -zv -w 1 web 80", "", "web (10.96.0.80:80) open\n", 0],
    ["nc -zv POD_IP 81", "", "nc: POD_IP (POD_IP:81): Connection refused\n", 1],
    ["nc nowhere 80", "", "nc: bad address 'nowhere'\n", 1],
    ["printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc web 80 | tail -1", "hello\n", "", 0],
    [
      "echo hi | nc -l -p 9000 > got & sleep 1; echo ho | nc -w 1 127.0.0.1 9000; wait; cat got",
      "hi\nho\n",
      "",
      0,
    ],
    [
      "nslookup web",
      "Server:\t\tDNS_IP\nAddress:\tDNS_IP:53\n\nName:\tweb.default.svc.cluster.local\nAddress: 10.96.0.80\n\n\n** server can't find web.svc.cluster.local: NXDOMAIN\n\n** server can't find web.svc.cluster.local: NXDOMAIN\n\n** server can't find web.cluster.local: NXDOMAIN\n\n** server can't find web.cluster.local: NXDOMAIN\n\n",
      "",
      1,
    ],
    ["getent hosts web", "10.96.0.80      web\n", "", 0],
    ["getent hosts nowhere", "", "", 2],
    [
      "ping -c 1 -q POD_IP | grep loss",
      "1 packets transmitted, 1 packets received, 0% packet loss\n",
      "",
      0,
    ],
    ["ping -c 1 nowhere", "", "ping: bad address 'nowhere'\n", 1],
    ["hostname -i | grep -c '^10.244.1'", "1\n", "", 0],
    [
      "mkdir www; echo page > www/index.html; httpd -p 8000 -h www; wget -qO- 127.0.0.1:8000; wget -qO- 127.0.0.1:8000/x",
      "page\n",
      "wget: server returned error: HTTP/1.1 404 Not Found\n",
      1,
    ],
  ] as const)
    it(script, () => assert.deepEqual(run(script), { stdout, stderr, code }));

  for (const [script, stdout, code] of [
    [
      "nslookup web",
      "Server:    DNS_IP\nAddress 1: DNS_IP\n\nName:      web\nAddress 1: 10.96.0.80 web.default.svc.cluster.local\n",
      0,
    ],
    [
      "nslookup nowhere 2>&1",
      "Server:    DNS_IP\nAddress 1: DNS_IP\n\nnslookup: can't resolve 'nowhere'\n",
      1,
    ],
  ] as const)
    it(`busybox 1.28: ${script}`, () => {
      assert.deepEqual(run(script, "busybox", "1.28"), { stdout, stderr: "", code });
    });

  for (const [script, stdout, stderr, code] of [
    [
      "nslookup web",
      "Server:\t\tDNS_IP\nAddress:\tDNS_IP#53\n\nName:\tweb.default.svc.cluster.local\nAddress: 10.96.0.80\n\n",
      "",
      0,
    ],
    [
      "nslookup nowhere",
      "Server:\t\tDNS_IP\nAddress:\tDNS_IP#53\n\n** server can't find nowhere: NXDOMAIN\n\n",
      "",
      1,
    ],
    ["dig +short web.default.svc.cluster.local", "10.96.0.80\n", "", 0],
    ["dig +short +search web", "10.96.0.80\n", "", 0],
    [
      "dig +notcp +noall +answer +search web A",
      "web.default.svc.cluster.local. 30 IN\tA\t10.96.0.80\n",
      "",
      0,
    ],
    ["host web", "web.default.svc.cluster.local has address 10.96.0.80\n", "", 0],
    ["host nowhere", "Host nowhere not found: 3(NXDOMAIN)\n", "", 1],
    ["nc -zv web 80", "", "Connection to web (10.96.0.80) 80 port [tcp/http] succeeded!\n", 0],
    ["nc -zv POD_IP 81", "", "nc: connect to POD_IP port 81 (tcp) failed: Connection refused\n", 1],
    ["ping -c 1 nowhere", "", "ping: nowhere: Name or service not known\n", 2],
  ] as const)
    it(`Debian: ${script}`, () =>
      assert.deepEqual(run(script, "debian"), { stdout, stderr, code }));
});
