// IPAddress: an address of the Services' ranges, and who has it.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { IPAddress as IPAddressObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  ipAddressName,
  validateIpAddress,
  validateIpAddressUpdate,
} from "./ipAddress/validation.ts";

export const IPAddress = defineKind<IPAddressObject>({
  gvk: gvk("networking.k8s.io", "v1", "IPAddress"),
  plural: "ipaddresses",
  shortNames: ["ip"],
  namespaced: false,
  nameRule: ipAddressName,
  columns: [
    nameColumn,
    column("ParentRef", "string", parentText, { field: "networking.v1.IPAddressSpec.parentRef" }),
    { ...ageColumn, isUndeclared: true },
  ],
  validate: validateIpAddress,
  validateUpdate: validateIpAddressUpdate,
});

/** "services/default/kubernetes". Source: printers.go printIPAddress. */
function parentText({ spec: { parentRef } }: IPAddressObject): string {
  if (!parentRef) return "<none>";
  const { group = "", resource = "", namespace = "", name = "" } = parentRef;
  const place = group === "" ? resource : `${resource}.${group}`;
  return [place.toLowerCase(), ...(namespace ? [namespace] : []), name].join("/");
}
