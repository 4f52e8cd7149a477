import assert from "node:assert/strict";
import type { RequestTrace, TraceRequest } from "../../src/api/requestTrace.ts";
import { traceText, traceTitle } from "../../src/vscode/traceText.ts";

const request: TraceRequest = {
  from: { type: "pod", namespace: "default", name: "client" },
  to: { type: "service", namespace: "default", name: "web" },
  port: 80,
};

describe("the text of a traced request", () => {
  it("names both ends", () => {
    assert.equal(traceTitle(request), "Pod default/client → Service default/web:80");
    assert.equal(
      traceTitle({ from: { type: "outside" }, to: { type: "host", host: "example.com" } }),
      "outside of the cluster → example.com",
    );
  });

  it("says at each hop what happened, and at the end why it stopped", () => {
    const trace: RequestTrace = {
      hops: [
        { type: "start", at: "default/client", address: "10.244.1.2", node: "node-1" },
        {
          type: "service",
          node: "node-1",
          service: "default/web:http",
          via: "clusterIP",
          address: "10.96.0.80",
          port: 80,
          rules: ["-A KUBE-SERVICES …"],
        },
        {
          type: "endpoint",
          address: "10.244.2.2",
          port: 8080,
          pod: "default/web-1",
          node: "node-2",
          among: 3,
          isSticky: false,
        },
        {
          type: "policy",
          direction: "Ingress",
          pod: "default/web-1",
          selectedBy: ["deny"],
          isAllowed: false,
        },
      ],
      stop: "deniedIngress",
      outcome: "timeout",
    };
    assert.equal(
      traceText(request, trace),
      `# Pod default/client → Service default/web:80

**No answer: the client waits until it gives up.** A NetworkPolicy of the target does not allow it.

1. default/client (10.244.1.2) on node-1 sends a request.

2. kube-proxy's rules on node-1 catch 10.96.0.80:80 for default/web:http (cluster IP).

   \`\`\`text
   -A KUBE-SERVICES …
   \`\`\`

3. It goes to the endpoint 10.244.2.2:8080 (Pod default/web-1, node-2), one of 3: 33.3 % each.

4. Ingress of default/web-1: denied. It is selected by deny, and no rule of them allows it.
`,
    );
  });
});
