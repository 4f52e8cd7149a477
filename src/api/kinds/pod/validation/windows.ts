// What differs by operating system. Source: pkg/apis/core/validation validateWindows, validateLinux,
// validateOS and validateWindowsHostProcessPod, kubernetes v1.34.
import {
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
} from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { PodSpec, WindowsSecurityContextOptions } from "../../../types.ts";
import { byteLength, dnsSubdomain } from "../../../validation/texts.ts";
import { visitContainers } from "./visitContainers.ts";

const operatingSystems = ["linux", "windows"];

export function validateOperatingSystem(spec: PodSpec, path: FieldPath): FieldError[] {
  if (!spec.os) return [];
  const { name } = spec.os;
  const at = path.child("os");
  if (!name) return [required(at.child("name"), "cannot be empty")];
  if (!operatingSystems.includes(name)) return [notSupported(at, name, operatingSystems)];
  return name === "linux" ? validateLinux(spec, path) : validateWindows(spec, path);
}

function validateLinux(spec: PodSpec, path: FieldPath): FieldError[] {
  const refuse = (at: FieldPath): FieldError =>
    forbidden(
      at.child("securityContext").child("windowsOptions"),
      "windows options cannot be set for a linux pod",
    );
  return [
    ...(spec.securityContext?.windowsOptions ? [refuse(path)] : []),
    ...visitContainers(spec, path, ({ securityContext }, at) =>
      securityContext?.windowsOptions ? [refuse(at)] : [],
    ),
  ];
}

/** Fields that Windows has no notion of, in the server's order: of the Pod, of its context. */
const podFields = [
  ["securityContext", "appArmorProfile"],
  ["securityContext", "seLinuxOptions"],
  ["hostUsers"],
  ["hostPID"],
  ["hostIPC"],
  ["securityContext", "seccompProfile"],
  ["securityContext", "fsGroup"],
  ["securityContext", "fsGroupChangePolicy"],
  ["securityContext", "sysctls"],
  ["shareProcessNamespace"],
  ["securityContext", "runAsUser"],
  ["securityContext", "runAsGroup"],
  ["securityContext", "supplementalGroups"],
  ["securityContext", "supplementalGroupsPolicy"],
  ["securityContext", "seLinuxChangePolicy"],
] as const;

const containerFields = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
] as const;

const refusal = "cannot be set for a windows pod";

function validateWindows(spec: PodSpec, path: FieldPath): FieldError[] {
  const isSet = ([first, second]: (typeof podFields)[number]): boolean => {
    if (second !== undefined) {
      const value = spec.securityContext?.[second];
      return Array.isArray(value) ? value.length > 0 : value !== undefined;
    }
    // The two are plain booleans in Go: false is the same as absent.
    return first === "hostPID" || first === "hostIPC"
      ? Boolean(spec[first])
      : spec[first as "hostUsers" | "shareProcessNamespace"] !== undefined;
  };
  return [
    ...podFields.filter(isSet).map((steps) => forbidden(path.child(...steps), refusal)),
    ...visitContainers(spec, path, ({ securityContext }, at) =>
      containerFields
        .filter((field) => securityContext?.[field] !== undefined)
        .map((field) => forbidden(at.child("securityContext", field), refusal)),
    ),
  ];
}

export function validateHostProcess(spec: PodSpec, path: FieldPath): FieldError[] {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  let containers = 0;
  let hostProcesses = 0;
  const errors = visitContainers(spec, path, ({ securityContext }, at) => {
    const own = securityContext?.windowsOptions?.hostProcess;
    containers++;
    if (own ?? ofPod) hostProcesses++;
    return ofPod !== undefined && own !== undefined && own !== ofPod
      ? [
          invalid(
            at.child("securityContext", "windowsOptions", "hostProcess"),
            own,
            `pod hostProcess value must be identical if both are specified, was ${ofPod}`,
          ),
        ]
      : [];
  });
  if (hostProcesses === 0) return errors;
  if (hostProcesses !== containers)
    errors.push(
      invalid(
        path,
        "",
        "If pod contains any hostProcess containers then all containers must be HostProcess containers",
      ),
    );
  if (!spec.hostNetwork)
    errors.push(
      invalid(
        path.child("hostNetwork"),
        false,
        "hostNetwork must be true if pod contains any hostProcess containers",
      ),
    );
  return errors;
}

export function validateWindowsOptions(
  options: WindowsSecurityContextOptions | undefined,
  path: FieldPath,
): FieldError[] {
  if (!options) return [];
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options;
  const errors: FieldError[] = [];
  if (gmsaCredentialSpecName !== undefined)
    for (const words of dnsSubdomain(gmsaCredentialSpecName))
      errors.push(invalid(path.child("gmsaCredentialSpecName"), gmsaCredentialSpecName, words));
  if (gmsaCredentialSpec === "")
    errors.push(
      invalid(
        path.child("gmsaCredentialSpec"),
        gmsaCredentialSpec,
        "gmsaCredentialSpec cannot be an empty string",
      ),
    );
  else if (byteLength(gmsaCredentialSpec ?? "") > 64 * 1024)
    errors.push(
      invalid(
        path.child("gmsaCredentialSpec"),
        gmsaCredentialSpec,
        "gmsaCredentialSpec size must be under 64 KiB",
      ),
    );
  if (runAsUserName !== undefined)
    for (const words of userNameErrors(runAsUserName))
      errors.push(invalid(path.child("runAsUserName"), runAsUserName, words));
  return errors;
}

const netBiosDomain = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsDomain =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

/** "USER" or "DOMAIN\USER", by Windows' rules for both. */
function userNameErrors(name: string): string[] {
  if (name === "") return ["runAsUserName cannot be an empty string"];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name))
    return ["runAsUserName cannot contain control characters"];
  const parts = name.split("\\");
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"];
  const [domain, user] = parts.length === 2 ? parts : [undefined, name];
  const errors: string[] = [];
  if (byteLength(domain ?? "") >= 256)
    errors.push("runAsUserName's Domain length must be under 256 characters");
  if (domain !== undefined && !netBiosDomain.test(domain) && !dnsDomain.test(domain))
    errors.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  if (!user) errors.push("runAsUserName's User cannot be empty");
  else if (byteLength(user) > 104)
    errors.push("runAsUserName's User length must not be longer than 104 characters");
  if (/^[. ]+$/.test(user ?? ""))
    errors.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user ?? ""))
    errors.push(`runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
  return errors;
}
