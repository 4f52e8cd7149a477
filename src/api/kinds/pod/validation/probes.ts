// Probes and lifecycle hooks. Source: pkg/apis/core/validation validateHandler and its callers,
// kubernetes v1.34.
import { type FieldError, forbidden, invalid, required } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { Container, HTTPGetAction, LifecycleHandler, Probe } from "../../../types.ts";
import {
  check,
  checkChoice,
  checkNonNegative,
  checkPortNumber,
  checkPortNumberOrName,
} from "../../../validation/fields.ts";
import { httpHeaderName } from "../../../validation/texts.ts";

type Probed = Pick<Container, "lifecycle" | "livenessProbe" | "readinessProbe" | "startupProbe">;

/** Lifecycle hooks and probes of a container that may have them. */
export function validateLifecycleAndProbes(
  container: Probed,
  path: FieldPath,
  gracePeriodSeconds: number | undefined,
): FieldError[] {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  const at = path.child("lifecycle");
  const errors: FieldError[] = [];
  if (lifecycle?.postStart)
    errors.push(...validateHandler(lifecycle.postStart, at.child("postStart"), gracePeriodSeconds));
  if (lifecycle?.preStop)
    errors.push(...validateHandler(lifecycle.preStop, at.child("preStop"), gracePeriodSeconds));
  if (livenessProbe)
    errors.push(...validateOnceSuccessful(livenessProbe, path.child("livenessProbe")));
  if (readinessProbe)
    errors.push(...validateReadinessProbe(readinessProbe, path.child("readinessProbe")));
  if (startupProbe)
    errors.push(...validateOnceSuccessful(startupProbe, path.child("startupProbe")));
  return errors;
}

/** Liveness and startup: one success is enough, more is not asked for. */
function validateOnceSuccessful(probe: Probe, path: FieldPath): FieldError[] {
  const { successThreshold = 0 } = probe;
  return [
    ...validateProbe(probe, path),
    ...(successThreshold === 1
      ? []
      : [invalid(path.child("successThreshold"), successThreshold, "must be 1")]),
  ];
}

function validateReadinessProbe(probe: Probe, path: FieldPath): FieldError[] {
  const { terminationGracePeriodSeconds: grace } = probe;
  return [
    ...validateProbe(probe, path),
    ...(grace === undefined
      ? []
      : [
          invalid(
            path.child("terminationGracePeriodSeconds"),
            grace,
            "must not be set for readinessProbes",
          ),
        ]),
  ];
}

function validateProbe(probe: Probe, path: FieldPath): FieldError[] {
  const { terminationGracePeriodSeconds: grace } = probe;
  const counts = [
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
  ] as const;
  return [
    ...validateHandler(probe, path, undefined),
    ...counts.flatMap((field) => checkNonNegative(probe[field], path.child(field))),
    ...(grace !== undefined && grace <= 0
      ? [invalid(path.child("terminationGracePeriodSeconds"), grace, "must be greater than 0")]
      : []),
  ];
}

type Handler = Pick<LifecycleHandler, "exec" | "httpGet" | "tcpSocket" | "sleep"> &
  Pick<Probe, "grpc">;

function validateHandler(
  handler: Handler,
  path: FieldPath,
  gracePeriodSeconds: number | undefined,
): FieldError[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  const checks: Readonly<Record<keyof Handler, (() => FieldError[]) | undefined>> = {
    exec: exec && (() => (exec.command?.length ? [] : [required(path.child("exec", "command"))])),
    httpGet: httpGet && (() => validateHttpGet(httpGet, path.child("httpGet"))),
    tcpSocket:
      tcpSocket && (() => checkPortNumberOrName(tcpSocket.port, path.child("tcpSocket", "port"))),
    grpc: grpc && (() => checkPortNumber(grpc.port ?? 0, path.child("grpc", "port"))),
    sleep:
      sleep && (() => validateSleep(sleep.seconds ?? 0, path.child("sleep"), gracePeriodSeconds)),
  };
  const errors: FieldError[] = [];
  let count = 0;
  for (const field of ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const) {
    const checkHandler = checks[field];
    if (!checkHandler) continue;
    if (count++ === 0) errors.push(...checkHandler());
    else errors.push(forbidden(path.child(field), "may not specify more than 1 handler type"));
  }
  return count === 0 ? [required(path, "must specify a handler type")] : errors;
}

function validateHttpGet(
  { path: target, port, scheme = "HTTP", httpHeaders = [] }: HTTPGetAction,
  path: FieldPath,
): FieldError[] {
  return [
    ...(target ? [] : [required(path.child("path"))]),
    ...checkPortNumberOrName(port, path.child("port")),
    ...checkChoice(scheme, ["HTTP", "HTTPS"], path.child("scheme")),
    ...httpHeaders.flatMap(({ name }) =>
      check(httpHeaderName, name ?? "", path.child("httpHeaders")),
    ),
  ];
}

function validateSleep(
  seconds: number,
  path: FieldPath,
  gracePeriodSeconds: number | undefined,
): FieldError[] {
  if (gracePeriodSeconds === undefined || (seconds >= 0 && seconds <= gracePeriodSeconds))
    return [];
  const words = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriodSeconds})`;
  return [invalid(path, seconds, words)];
}
