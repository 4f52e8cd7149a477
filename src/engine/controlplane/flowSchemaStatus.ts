// API priority and fairness: whether a FlowSchema leads to a priority level that is there.
// Source: apiserver pkg/util/flowcontrol/apf_controller.go syncFlowSchemaStatus, 1.34.
import { FlowSchema } from "../../api/kinds/flowSchema.ts";
import { PriorityLevelConfiguration } from "../../api/kinds/priorityLevelConfiguration.ts";
import { keyOf } from "../../api/object.ts";
import { formatTime } from "../../base/time.ts";
import { type ControllerFactory, trigger } from "../controllers/controller.ts";

export const flowSchemaStatus: ControllerFactory = () => ({
  name: "api-priority-and-fairness-config-consumer-v1",
  triggers: [
    trigger(FlowSchema, ({ now }) => (now ? [keyOf(now)] : [])),
    trigger(PriorityLevelConfiguration, ({ old, now }, { cache }) =>
      old && now
        ? []
        : cache(FlowSchema)
            .list()
            .filter(({ spec }) => levelOf(spec) === (now ?? old)?.metadata.name)
            .map(keyOf),
    ),
  ],
  reconcile(key, { cache, client, now }) {
    const schema = cache(FlowSchema).get(key);
    if (!schema) return undefined;
    const name = levelOf(schema.spec);
    const level = cache(PriorityLevelConfiguration).get({ namespace: "", name });
    const found = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(name)}`;
    const wanted = level
      ? { status: "False", reason: "Found", message: `${found} and it exists` }
      : { status: "True", reason: "NotFound", message: `${found} but there is no such object` };
    const conditions = schema.status?.conditions ?? [];
    const present = conditions.find(({ type }) => type === "Dangling");
    if (present?.status === wanted.status && present.message === wanted.message) return undefined;
    const lastTransitionTime =
      (present?.status === wanted.status && present.lastTransitionTime) || formatTime(now());
    client.updateStatus(FlowSchema, {
      ...schema,
      status: {
        conditions: [
          ...conditions.filter((condition) => condition !== present),
          { type: "Dangling", ...wanted, lastTransitionTime },
        ],
      },
    });
    return undefined;
  },
});

function levelOf(spec: { readonly priorityLevelConfiguration: { readonly name: string } }): string {
  return spec.priorityLevelConfiguration.name;
}
