// From a user to the rules that bindings give: those of the whole cluster, and those of a namespace.
// What was found is kept until a role or a binding changes, so that most requests look nothing up.
// Source: pkg/registry/rbac/validation/rule.go, 1.34.
import type { Kind } from "../../../../api/kind.ts";
import { ClusterRole } from "../../../../api/kinds/rbac/clusterRole.ts";
import { ClusterRoleBinding } from "../../../../api/kinds/rbac/clusterRoleBinding.ts";
import { Role } from "../../../../api/kinds/rbac/role.ts";
import { RoleBinding } from "../../../../api/kinds/rbac/roleBinding.ts";
import type { KubeObject, ObjectKey } from "../../../../api/object.ts";
import { ApiError, notFoundError } from "../../../../api/status.ts";
import type {
  ClusterRoleBinding as ClusterRoleBindingObject,
  PolicyRule,
  RbacV1Subject,
  RoleBinding as RoleBindingObject,
  RoleRef,
} from "../../../../api/types.ts";
import { serviceAccountUserName, type UserInfo } from "../../../../api/user.ts";
import type { Store } from "../../../store/store.ts";
import { storageKey, storagePrefix } from "../../storageKeys.ts";

/** A rule and the binding that gives it. */
export interface Grant {
  readonly rule: PolicyRule;
  /** 'ClusterRoleBinding "b" of ClusterRole "r" to User "u"'. */
  readonly source: string;
}

export interface Grants {
  readonly grants: readonly Grant[];
  /** Why some bindings give nothing, e.g. that their role is missing. */
  readonly errors: readonly string[];
}

type Binding = RoleBindingObject | ClusterRoleBindingObject;

/** What one user was found to have. */
interface Known {
  readonly everywhere: Grants;
  readonly namespaces: Map<string, Grants>;
}

/** Users whose grants are kept; beyond it all are forgotten. */
const maxKnownUsers = 10_000;

export class RuleResolver {
  private readonly known = new Map<string, Known>();

  constructor(private readonly store: Store) {
    for (const kind of [ClusterRole, ClusterRoleBinding, Role, RoleBinding])
      store.watch(storagePrefix(kind), store.revision, () => this.known.clear());
  }

  /** The grants by ClusterRoleBindings, then those by the RoleBindings of `namespace` ("": none). */
  grantsOf(user: UserInfo, namespace: string): readonly Grants[] {
    const known = this.knownOf(user);
    if (namespace === "") return [known.everywhere];
    let local = known.namespaces.get(namespace);
    if (!local) {
      local = this.resolve(user, namespace, this.list(RoleBinding, namespace));
      known.namespaces.set(namespace, local);
    }
    return [known.everywhere, local];
  }

  /**
   * The rules of the role that a binding in `namespace` names ("": a ClusterRoleBinding).
   * @throws ApiError NotFound
   */
  rulesOf({ kind, name }: RoleRef, namespace: string): readonly PolicyRule[] {
    const role =
      kind === "Role"
        ? this.find(Role, { namespace, name })
        : this.find(ClusterRole, { namespace: "", name });
    if (role) return role.rules ?? [];
    throw notFoundError({ group: ClusterRole.gvk.group, kind: kind.toLowerCase(), name });
  }

  private knownOf(user: UserInfo): Known {
    const signature = [user.name, ...user.groups].join("\n");
    const known = this.known.get(signature);
    if (known) return known;
    if (this.known.size >= maxKnownUsers) this.known.clear();
    const everywhere = this.resolve(user, "", this.list(ClusterRoleBinding));
    const made = { everywhere, namespaces: new Map() };
    this.known.set(signature, made);
    return made;
  }

  private resolve(user: UserInfo, namespace: string, bindings: readonly Binding[]): Grants {
    const grants: Grant[] = [];
    const errors: string[] = [];
    for (const binding of bindings) {
      const subject = binding.subjects?.find((each) => appliesTo(each, user, namespace));
      if (!subject) continue;
      try {
        const source = describe(binding, subject, namespace);
        for (const rule of this.rulesOf(binding.roleRef, namespace)) grants.push({ rule, source });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        errors.push(error.message);
      }
    }
    return { grants, errors };
  }

  private find<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined {
    return this.store.get<T>(storageKey(kind, key))?.value;
  }

  private list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[] {
    return this.store.range<T>(storagePrefix(kind, namespace)).entries.map(({ value }) => value);
  }
}

/** A ServiceAccount without a namespace is one of the binding's own. */
function appliesTo(subject: RbacV1Subject, user: UserInfo, bindingNamespace: string): boolean {
  const { kind, name } = subject;
  const namespace = subject.namespace || bindingNamespace;
  if (kind === "User") return user.name === name;
  if (kind === "Group") return user.groups.includes(name);
  return (
    kind === "ServiceAccount" &&
    namespace !== "" &&
    user.name === serviceAccountUserName(namespace, name)
  );
}

function describe({ kind, metadata, roleRef }: Binding, subject: RbacV1Subject, namespace: string) {
  const binding = namespace === "" ? metadata.name : `${metadata.name}/${namespace}`;
  const who =
    subject.kind === "ServiceAccount"
      ? `${subject.name}/${subject.namespace || namespace}`
      : subject.name;
  return `${kind} ${quote(binding)} of ${roleRef.kind} ${quote(roleRef.name)} to ${subject.kind} ${quote(who)}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
