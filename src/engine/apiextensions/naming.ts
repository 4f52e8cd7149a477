// naming_condition_controller: gives a definition its names, unless another of its group has them.
// Source: apiextensions-apiserver pkg/controller/status/naming_controller.go, kubernetes v1.34.
import { dequal } from "dequal";
import {
  findCondition,
  withCondition,
} from "../../api/kinds/customResourceDefinition/conditions.ts";
import { CustomResourceDefinition } from "../../api/kinds/customResourceDefinition.ts";
import { keyOf } from "../../api/object.ts";
import type {
  CustomResourceDefinitionCondition,
  CustomResourceDefinition as DefinitionObject,
  CustomResourceDefinitionNames as Names,
} from "../../api/types.ts";
import {
  type ControllerContext,
  type ControllerFactory,
  trigger,
} from "../controllers/controller.ts";

export const naming: ControllerFactory = () => ({
  name: "naming_condition_controller",
  triggers: [
    trigger(CustomResourceDefinition, ({ now, old }, context) => {
      if (now) return [keyOf(now)];
      // What was deleted has freed its names.
      return old ? othersOfGroup(old, context).map(keyOf) : [];
    }),
  ],
  reconcile(key, context) {
    const { cache, client, now } = context;
    const crd = cache(CustomResourceDefinition).get(key);
    if (!crd || dequal(crd.spec.names, crd.status?.acceptedNames)) return undefined;
    const { names, condition, established } = decide(crd, othersOfGroup(crd, context));
    const isKnown =
      dequal(names, crd.status?.acceptedNames) &&
      isEquivalent(condition, findCondition(crd, "NamesAccepted"));
    if (isKnown) return undefined;
    const before = crd.status?.conditions ?? [];
    const conditions = withCondition(withCondition(before, condition, now()), established, now());
    client.updateStatus(CustomResourceDefinition, {
      ...crd,
      status: { ...crd.status, acceptedNames: names, conditions },
    });
    // A name may have been let go.
    for (const other of othersOfGroup(crd, context)) context.enqueue(keyOf(other));
    return undefined;
  },
});

function othersOfGroup(
  { spec, metadata }: DefinitionObject,
  { cache }: ControllerContext,
): readonly DefinitionObject[] {
  return cache(CustomResourceDefinition)
    .list()
    .filter((crd) => crd.spec.group === spec.group && crd.metadata.name !== metadata.name);
}

interface Decision {
  readonly names: Names;
  readonly condition: CustomResourceDefinitionCondition;
  readonly established: CustomResourceDefinitionCondition;
}

/** The names that the definition gets; those that others have stay as they were. */
function decide(crd: DefinitionObject, others: readonly DefinitionObject[]): Decision {
  const asked = crd.spec.names;
  const own = crd.status?.acceptedNames ?? { plural: "", kind: "" };
  const taken = takenNames(others);
  const conflicts: { readonly reason: string; readonly message: string }[] = [];
  const names = { ...own };
  const settle = (
    field: "plural" | "singular" | "kind" | "listKind",
    used: ReadonlySet<string>,
  ) => {
    const name = asked[field] ?? "";
    if (name !== own[field] && used.has(name)) conflicts.push(conflict(field, [name]));
    else names[field] = name;
  };
  settle("plural", taken.resources);
  settle("singular", taken.resources);
  const inUse = (asked.shortNames ?? []).filter(
    (name) => !own.shortNames?.includes(name) && taken.resources.has(name),
  );
  if (inUse.length > 0) conflicts.push(conflict("shortNames", inUse));
  else setOrDrop(names, "shortNames", asked.shortNames);
  settle("kind", taken.kinds);
  settle("listKind", taken.kinds);
  setOrDrop(names, "categories", asked.categories);
  // The last conflict is the one that is told.
  const last = conflicts.at(-1);
  const condition: CustomResourceDefinitionCondition = last
    ? { type: "NamesAccepted", status: "False", ...last }
    : {
        type: "NamesAccepted",
        status: "True",
        reason: "NoConflicts",
        message: "no conflicts found",
      };
  return { names, condition, established: establishedCondition(crd, !last) };
}

function takenNames(others: readonly DefinitionObject[]): {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
} {
  const accepted = others.flatMap(({ status }) => status?.acceptedNames ?? []);
  return {
    resources: new Set(
      accepted.flatMap(({ plural, singular = "", shortNames = [] }) => [
        plural,
        singular,
        ...shortNames,
      ]),
    ),
    kinds: new Set(accepted.flatMap(({ kind, listKind = "" }) => [kind, listKind])),
  };
}

function setOrDrop(
  names: { shortNames?: readonly string[]; categories?: readonly string[] },
  field: "shortNames" | "categories",
  value: readonly string[] | undefined,
): void {
  if (value) names[field] = value;
  else delete names[field];
}

function conflict(field: string, names: readonly string[]) {
  const messages = [...new Set(names)].map((name) => `${JSON.stringify(name)} is already in use`);
  const [first = ""] = messages;
  return {
    reason: `${field.charAt(0).toUpperCase()}${field.slice(1)}Conflict`,
    message: messages.length === 1 ? first : `[${messages.join(", ")}]`,
  };
}

/** Another controller makes it true, once everybody has heard that the names are accepted. */
function establishedCondition(
  crd: DefinitionObject,
  isAccepted: boolean,
): CustomResourceDefinitionCondition {
  const old = findCondition(crd, "Established");
  if (isAccepted && old?.status !== "True")
    return {
      type: "Established",
      status: "False",
      reason: "Installing",
      message: "the initial names have been accepted",
    };
  return (
    old ?? {
      type: "Established",
      status: "False",
      reason: "NotAccepted",
      message: "not all names are accepted",
    }
  );
}

function isEquivalent(
  a: CustomResourceDefinitionCondition,
  b: CustomResourceDefinitionCondition | undefined,
): boolean {
  return (
    a.type === b?.type && a.status === b.status && a.reason === b.reason && a.message === b.message
  );
}
