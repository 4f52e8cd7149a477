// A user who acts as another: the Impersonate-* headers, each of which the user must be allowed.
// Source: apiserver pkg/endpoints/filters/impersonation, 1.34.
import type { UserInfo } from "../../api/user.ts";
import { accessError } from "../registry/access.ts";
import type { Authorizer, ResourceAttributes } from "../registry/authorizer.ts";
import type { HttpRequest } from "./exchange.ts";

interface Asked {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid: string;
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

const extraPrefix = "impersonate-extra-";
const serviceAccount = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** Headers that ask for a part of a user without naming one. */
export class IncompleteImpersonation extends Error {}

/**
 * @returns `user` unless the request asks to be taken for another
 * @throws ApiError Forbidden, IncompleteImpersonation
 */
export function impersonated(
  request: HttpRequest,
  user: UserInfo,
  authorizer: Authorizer,
): UserInfo {
  const asked = askedFor(request);
  if (!asked) return user;
  for (const attributes of questions(asked)) {
    const { allowed, reason } = authorizer.authorize(user, attributes);
    if (!allowed) throw accessError(user, attributes, reason);
  }
  return userOf(asked);
}

function askedFor({ headers }: HttpRequest): Asked | undefined {
  const user = headers["impersonate-user"]?.[0] ?? "";
  const groups = headers["impersonate-group"] ?? [];
  const uid = headers["impersonate-uid"]?.[0] ?? "";
  const extra = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(extraPrefix))
      .map(([name, values = []]) => [unescaped(name.slice(extraPrefix.length)), values]),
  );
  if (user !== "") return { user, groups, uid, extra };
  const parts = [
    ...groups.map((group) => `{Group  ${group}    }`),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => `{UserExtra  ${value}  authentication.k8s.io/v1  ${key}}`),
    ),
    ...(uid === "" ? [] : [`{UID  ${uid}  authentication.k8s.io/v1  }`]),
  ];
  if (parts.length === 0) return undefined;
  throw new IncompleteImpersonation(`requested [${parts.join(" ")}] without impersonating a user`);
}

function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function questions({ user, groups, uid, extra }: Asked): readonly ResourceAttributes[] {
  return [
    userQuestion(user),
    ...groups.map((group) => question("groups", group)),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => ({ ...authenticationQuestion("userextras", value), subresource: key })),
    ),
    ...(uid === "" ? [] : [authenticationQuestion("uids", uid)]),
  ];
}

function userQuestion(user: string): ResourceAttributes {
  const [, namespace, name] = serviceAccount.exec(user) ?? [];
  if (namespace === undefined || name === undefined) return question("users", user);
  return { ...question("serviceaccounts", name), namespace };
}

function question(resource: string, name: string): ResourceAttributes {
  return { verb: "impersonate", apiGroup: "", apiVersion: "", resource, namespace: "", name };
}

function authenticationQuestion(resource: string, name: string): ResourceAttributes {
  return { ...question(resource, name), apiGroup: "authentication.k8s.io", apiVersion: "v1" };
}

function userOf({ user, groups, uid, extra }: Asked): UserInfo {
  const [, namespace] = serviceAccount.exec(user) ?? [];
  const own =
    namespace !== undefined && groups.length === 0
      ? ["system:serviceaccounts", `system:serviceaccounts:${namespace}`]
      : groups;
  const standing = user === "system:anonymous" ? "system:unauthenticated" : "system:authenticated";
  const isStated = own.some((group) => /^system:(un)?authenticated$/.test(group));
  return {
    name: user,
    groups: isStated ? own : [...own, standing],
    ...(uid === "" ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}
