// Fields that nobody manages: they say which object it is, or the server fills them in.
// Source: apimachinery pkg/util/managedfields/internal/stripmeta.go, 1.34.
import { FieldSet } from "./fieldSet.ts";

const bookkeeping = FieldSet.of(
  ["apiVersion"],
  ["kind"],
  ["metadata"],
  ["metadata", "name"],
  ["metadata", "namespace"],
  ["metadata", "creationTimestamp"],
  ["metadata", "selfLink"],
  ["metadata", "uid"],
  ["metadata", "clusterName"],
  ["metadata", "generation"],
  ["metadata", "managedFields"],
  ["metadata", "resourceVersion"],
);

export function withoutBookkeeping(fields: FieldSet): FieldSet {
  return fields.difference(bookkeeping);
}
