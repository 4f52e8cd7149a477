// The objects that kube-apiserver makes, keeps and lets go by itself.
import assert from "node:assert/strict";
import { APIService } from "../../../src/api/kinds/apiService.ts";
import { CustomResourceDefinition } from "../../../src/api/kinds/customResourceDefinition.ts";
import { FlowSchema } from "../../../src/api/kinds/flowSchema.ts";
import { IPAddress } from "../../../src/api/kinds/ipAddress.ts";
import { PriorityLevelConfiguration } from "../../../src/api/kinds/priorityLevelConfiguration.ts";
import { Service } from "../../../src/api/kinds/service.ts";
import { ServiceCIDR } from "../../../src/api/kinds/serviceCidr.ts";
import type { Service as ServiceObject } from "../../../src/api/types.ts";
import { second } from "../../../src/base/time.ts";
import { Engine } from "../../../src/engine/engine.ts";

function scene({ hasMetricsServer = false } = {}) {
  const engine = new Engine({
    now: Date.UTC(2026, 0, 31, 9),
    seed: 1,
    spec: { machines: [], hasDefaultStorage: false, hasMetricsServer },
  });
  const client = engine.client("kubernetes-admin");
  const settle = (): void => engine.clock.run(5 * second);
  settle();
  return { client, settle };
}

function named(name: string) {
  return { namespace: "", name };
}

describe("at first there are", () => {
  const { client } = scene();
  const namesOf = (items: readonly { readonly metadata: { readonly name: string } }[]) =>
    items.map(({ metadata }) => metadata.name);

  it("flow schemas that lead to levels", () => {
    const { items } = client.list(FlowSchema);
    assert.deepEqual(namesOf(items), [
      "catch-all",
      "exempt",
      "global-default",
      "kube-controller-manager",
      "kube-scheduler",
      "kube-system-service-accounts",
      "probes",
      "service-accounts",
      "system-leader-election",
      "system-node-high",
      "system-nodes",
    ]);
    assert.deepEqual(
      items.map(({ status }) => status?.conditions?.map(({ type, status: is }) => [type, is])),
      items.map(() => [["Dangling", "False"]]),
    );
    assert.equal(client.list(PriorityLevelConfiguration).items.length, 8);
  });

  it("services of the API that are local and available", () => {
    const { items } = client.list(APIService);
    assert.equal(items.length, 21);
    const core = client.get(APIService, named("v1."));
    assert.deepEqual(core.spec, {
      version: "v1",
      groupPriorityMinimum: 18_000,
      versionPriority: 1,
    });
    assert.deepEqual(
      items.map(({ status }) => status?.conditions?.[0]?.message),
      items.map(() => "Local APIServices are always available"),
    );
  });

  it("a range for Services, and the address of the first", () => {
    const range = client.get(ServiceCIDR, named("kubernetes"));
    assert.deepEqual(
      [range.spec?.cidrs, range.status?.conditions?.[0]?.type],
      [["10.96.0.0/16"], "Ready"],
    );
    assert.deepEqual(client.get(IPAddress, named("10.96.0.1")).spec.parentRef, {
      resource: "services",
      namespace: "default",
      name: "kubernetes",
    });
  });
});

describe("cluster IPs are objects", () => {
  const service: ServiceObject = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { ports: [{ port: 80 }], clusterIP: "10.96.7.7" },
  };

  it("for as long as a Service has them", () => {
    const { client, settle } = scene();
    client.create(Service, service);
    settle();
    const { metadata } = client.get(IPAddress, named("10.96.7.7"));
    assert.deepEqual(metadata.labels, {
      "ipaddress.kubernetes.io/ip-family": "IPv4",
      "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
    });
    client.delete(Service, { namespace: "default", name: "web" });
    settle();
    assert.throws(() => client.get(IPAddress, named("10.96.7.7")), /not found/);
  });

  it("that come back when they are deleted", () => {
    const { client, settle } = scene();
    client.create(Service, service);
    settle();
    client.delete(IPAddress, named("10.96.7.7"));
    settle();
    assert.equal(client.get(IPAddress, named("10.96.7.7")).spec.parentRef?.name, "web");
  });
});

describe("a flow schema", () => {
  it("dangles until its priority level is there", () => {
    const { client, settle } = scene();
    const message = (): string | undefined =>
      client.get(FlowSchema, named("x")).status?.conditions?.[0]?.message;
    client.create(FlowSchema, {
      apiVersion: FlowSchema.apiVersion,
      kind: "FlowSchema",
      metadata: { name: "x" },
      spec: { priorityLevelConfiguration: { name: "mine" } },
    });
    settle();
    const found = 'This FlowSchema references the PriorityLevelConfiguration object named "mine"';
    assert.equal(message(), `${found} but there is no such object`);
    client.create(PriorityLevelConfiguration, {
      apiVersion: PriorityLevelConfiguration.apiVersion,
      kind: "PriorityLevelConfiguration",
      metadata: { name: "mine" },
      spec: { type: "Limited", limited: { limitResponse: { type: "Reject" } } },
    });
    settle();
    assert.equal(message(), `${found} and it exists`);
  });
});

describe("an API that a Service is to answer", () => {
  it("is not available, for one reason after the other", () => {
    const { client, settle } = scene();
    const messages: (string | undefined)[] = [];
    const look = (): void => {
      settle();
      const { status } = client.get(APIService, named("v1.x.io"));
      const [condition] = status?.conditions ?? [];
      messages.push(`${condition?.reason}: ${condition?.message}`);
    };
    const service = { namespace: "default", name: "web" };
    client.create(APIService, {
      apiVersion: APIService.apiVersion,
      kind: "APIService",
      metadata: { name: "v1.x.io" },
      spec: {
        group: "x.io",
        version: "v1",
        groupPriorityMinimum: 1,
        versionPriority: 1,
        insecureSkipTLSVerify: true,
        service,
      },
    });
    look();
    const made = client.create(Service, {
      apiVersion: "v1",
      kind: "Service",
      metadata: service,
      spec: { ports: [{ port: 80 }], clusterIP: "10.96.7.7" },
    });
    look();
    client.update(Service, { ...made, spec: { ...made.spec, ports: [{ port: 443 }] } });
    look();
    assert.deepEqual(messages, [
      'ServiceNotFound: service/web in "default" is not present',
      'ServicePortError: service/web in "default" is not listening on port 443',
      'EndpointsNotFound: cannot find endpointslices for service/web in "default"',
    ]);
  });

  it("is available if it is that of metrics-server", () => {
    const { client } = scene({ hasMetricsServer: true });
    const { spec, status } = client.get(APIService, named("v1beta1.metrics.k8s.io"));
    assert.deepEqual(spec, {
      group: "metrics.k8s.io",
      version: "v1beta1",
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { namespace: "kube-system", name: "metrics-server", port: 443 },
    });
    assert.deepEqual(
      status?.conditions?.map(({ lastTransitionTime: _, ...rest }) => rest),
      [{ type: "Available", status: "True", reason: "Passed", message: "all checks passed" }],
    );
  });
});

describe("versions of custom resources", () => {
  it("have an APIService for as long as they are served", () => {
    const { client, settle } = scene();
    const schema = { openAPIV3Schema: { type: "object" } };
    client.create(CustomResourceDefinition, {
      apiVersion: CustomResourceDefinition.apiVersion,
      kind: "CustomResourceDefinition",
      metadata: { name: "foos.x.io" },
      spec: {
        group: "x.io",
        scope: "Namespaced",
        names: { plural: "foos", kind: "Foo" },
        versions: [
          { name: "v1", served: true, storage: true, schema },
          { name: "v2", served: false, storage: false, schema },
        ],
      },
    });
    settle();
    const made = client.get(APIService, named("v1.x.io"));
    assert.deepEqual(
      [made.spec?.groupPriorityMinimum, made.metadata.labels],
      [1_000, { "kube-aggregator.kubernetes.io/automanaged": "true" }],
    );
    assert.throws(() => client.get(APIService, named("v2.x.io")), /not found/);
    client.delete(CustomResourceDefinition, named("foos.x.io"));
    settle();
    assert.throws(() => client.get(APIService, named("v1.x.io")), /not found/);
  });
});
