// Security contexts of Pods and containers. Source: pkg/apis/core/validation
// ValidateSecurityContext and validatePodSpecSecurityContext, kubernetes v1.34.
import {
  duplicate,
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
} from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type {
  AppArmorProfile,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from "../../../types.ts";
import { checkChoice, each } from "../../../validation/fields.ts";
import { goShape, goValue } from "../../../validation/goShape.ts";
import { validateLocalDescendingPath } from "../../../validation/paths.ts";
import { byteLength, idErrors } from "../../../validation/texts.ts";
import { validateWindowsOptions } from "./windows.ts";

const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

function checkId(id: number | undefined, path: FieldPath): FieldError[] {
  return id === undefined ? [] : idErrors(id).map((words) => invalid(path, id, words));
}

/** `hostUsers` is false where the Pod has a user namespace of its own. */
export function validateSecurityContext(
  context: SecurityContext | undefined,
  path: FieldPath,
  hostUsers: boolean,
): FieldError[] {
  if (!context) return [];
  return [
    ...checkId(context.runAsUser, path.child("runAsUser")),
    ...checkId(context.runAsGroup, path.child("runAsGroup")),
    ...validateProcMount(context.procMount, path.child("procMount"), hostUsers),
    ...validateSeccompProfile(context.seccompProfile, path.child("seccompProfile")),
    ...validateEscalation(context, path),
    ...validateWindowsOptions(context.windowsOptions, path.child("windowsOptions")),
    ...validateAppArmorProfile(context.appArmorProfile, path.child("appArmorProfile")),
  ];
}

function validateProcMount(
  procMount: string | undefined,
  path: FieldPath,
  hostUsers: boolean,
): FieldError[] {
  if (procMount === undefined) return [];
  return [
    ...checkChoice(procMount, ["Default", "Unmasked"], path),
    ...(hostUsers && procMount === "Unmasked"
      ? [invalid(path, procMount, "`hostUsers` must be false to use `Unmasked`")]
      : []),
  ];
}

function validateEscalation(context: SecurityContext, path: FieldPath): FieldError[] {
  if (context.allowPrivilegeEscalation !== false) return [];
  const shown = goValue(context, securityContextShape);
  const errors: FieldError[] = [];
  if (context.privileged)
    errors.push(
      invalid(
        path,
        shown,
        "cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
      ),
    );
  for (const capability of context.capabilities?.add ?? [])
    if (capability === "CAP_SYS_ADMIN")
      errors.push(
        invalid(
          path,
          shown,
          "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN",
        ),
      );
  return errors;
}

const profileShape = goShape(["Type", "type", ""], ["LocalhostProfile", "localhostProfile", null]);
const securityContextShape = goShape(
  ["Capabilities", "capabilities", goShape(["Add", "add", null], ["Drop", "drop", null])],
  ["Privileged", "privileged", null],
  [
    "SELinuxOptions",
    "seLinuxOptions",
    goShape(
      ["User", "user", ""],
      ["Role", "role", ""],
      ["Type", "type", ""],
      ["Level", "level", ""],
    ),
  ],
  [
    "WindowsOptions",
    "windowsOptions",
    goShape(
      ["GMSACredentialSpecName", "gmsaCredentialSpecName", null],
      ["GMSACredentialSpec", "gmsaCredentialSpec", null],
      ["RunAsUserName", "runAsUserName", null],
      ["HostProcess", "hostProcess", null],
    ),
  ],
  ["RunAsUser", "runAsUser", null],
  ["RunAsGroup", "runAsGroup", null],
  ["RunAsNonRoot", "runAsNonRoot", null],
  ["ReadOnlyRootFilesystem", "readOnlyRootFilesystem", null],
  ["AllowPrivilegeEscalation", "allowPrivilegeEscalation", null],
  ["ProcMount", "procMount", null],
  ["SeccompProfile", "seccompProfile", profileShape],
  ["AppArmorProfile", "appArmorProfile", profileShape],
);

function validateSeccompProfile(
  profile: SeccompProfile | undefined,
  path: FieldPath,
): FieldError[] {
  if (!profile) return [];
  const { type, localhostProfile } = profile;
  const errors = type
    ? checkChoice(type, profileTypesInOrder, path.child("type"))
    : [required(path.child("type"), "type is required when seccompProfile is set")];
  const at = path.child("localhostProfile");
  if (type === "Localhost")
    errors.push(
      ...(localhostProfile === undefined
        ? [required(at, "must be set when seccomp type is Localhost")]
        : validateLocalDescendingPath(localhostProfile, at)),
    );
  else if (localhostProfile !== undefined)
    errors.push(
      invalid(at, goValue(profile, profileShape), "can only be set when seccomp type is Localhost"),
    );
  return errors;
}

const profileTypesInOrder = profileTypes;

export function validateAppArmorProfile(
  profile: AppArmorProfile | undefined,
  path: FieldPath,
): FieldError[] {
  if (!profile) return [];
  const { type, localhostProfile } = profile;
  const at = path.child("localhostProfile");
  if (type === "Localhost") return validateLocalhostProfile(localhostProfile, at);
  if (type === "RuntimeDefault" || type === "Unconfined")
    return localhostProfile === undefined
      ? []
      : [invalid(at, localhostProfile, "can only be set when AppArmor type is Localhost")];
  return type
    ? [notSupported(path.child("type"), type, profileTypes)]
    : [required(path.child("type"), "type is required when appArmorProfile is set")];
}

function validateLocalhostProfile(profile: string | undefined, path: FieldPath): FieldError[] {
  const missing = required(path, "must be set when AppArmor type is Localhost");
  if (profile === undefined) return [missing];
  const errors: FieldError[] = [];
  if (profile.trim() !== profile)
    errors.push(invalid(path, profile, "must not be padded with whitespace"));
  else if (profile === "") errors.push(missing);
  if (byteLength(profile) > 4095) errors.push(tooLong(path, 4095));
  return errors;
}

export function validatePodSecurityContext(spec: PodSpec, path: FieldPath): FieldError[] {
  const { securityContext: context, shareProcessNamespace, hostPID } = spec;
  if (!context) return [];
  return [
    ...checkId(context.fsGroup, path.child("fsGroup")),
    ...checkId(context.runAsUser, path.child("runAsUser")),
    ...checkId(context.runAsGroup, path.child("runAsGroup")),
    ...each(context.supplementalGroups, path.child("supplementalGroups"), checkId),
    ...(shareProcessNamespace && hostPID
      ? [
          invalid(
            path.child("shareProcessNamespace"),
            true,
            "ShareProcessNamespace and HostPID cannot both be enabled",
          ),
        ]
      : []),
    ...validateSysctls(context.sysctls ?? [], spec, path.child("sysctls")),
    ...optionalChoice(
      context.fsGroupChangePolicy,
      ["Always", "OnRootMismatch"],
      path.child("fsGroupChangePolicy"),
    ),
    ...validateSeccompProfile(context.seccompProfile, path.child("seccompProfile")),
    ...validateWindowsOptions(context.windowsOptions, path.child("windowsOptions")),
    ...validateAppArmorProfile(context.appArmorProfile, path.child("appArmorProfile")),
    ...optionalChoice(
      context.supplementalGroupsPolicy,
      ["Merge", "Strict"],
      path.child("supplementalGroupsPolicy"),
    ),
    ...optionalChoice(
      context.seLinuxChangePolicy,
      ["MountOption", "Recursive"],
      path.child("seLinuxChangePolicy"),
    ),
  ];
}

function optionalChoice(
  value: string | undefined,
  choices: readonly string[],
  path: FieldPath,
): FieldError[] {
  return value === undefined ? [] : checkChoice(value, choices, path);
}

const sysctlPattern = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
const sysctlName = new RegExp(sysctlPattern);

function validateSysctls(sysctls: readonly Sysctl[], spec: PodSpec, path: FieldPath): FieldError[] {
  const names = new Set<string>();
  return each(sysctls, path, ({ name = "" }, item) => {
    const at = item.child("name");
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(at));
    else if (byteLength(name) > 253 || !sysctlName.test(name))
      errors.push(
        invalid(at, name, `must have at most 253 characters and match regex ${sysctlPattern}`),
      );
    else if (names.has(name)) errors.push(duplicate(at, name));
    names.add(name);
    const space = sysctlNamespace(name);
    if (spec.hostNetwork && space === "net")
      errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"));
    else if (spec.hostIPC && space === "ipc")
      errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"));
    return errors;
  });
}

const ipcSysctls = ["kernel.shm", "kernel.msg", "fs.mqueue."];

/** The kernel namespace that holds a sysctl. Source: component-helpers node/util/sysctl. */
function sysctlNamespace(name: string): "ipc" | "net" | undefined {
  const dotted = name.replaceAll("/", ".");
  if (dotted === "kernel.sem" || ipcSysctls.some((prefix) => dotted.startsWith(prefix)))
    return "ipc";
  return dotted.startsWith("net.") ? "net" : undefined;
}
