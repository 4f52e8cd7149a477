// What a key of etcd held, as YAML. The values of a Secret are there to be kept from sight.
import { stringify } from "yaml";

const mask = "••••••";
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

type Texts = Readonly<Record<string, string>>;

interface Masked {
  readonly metadata?: { readonly annotations?: Texts };
  readonly data?: Texts;
}

/** @param isSecret the value is a Secret that nobody has asked to see */
export function etcdText(value: unknown, isSecret: boolean): string {
  const shown = isSecret ? masked(value as Masked) : value;
  return stringify(shown, { lineWidth: 0, sortMapEntries: true });
}

/** Neither what the values are nor how long they are. The annotation of `kubectl apply` repeats them. */
function masked({ metadata, data, ...secret }: Masked): Masked {
  const { annotations } = metadata ?? {};
  const isRepeated = annotations?.[lastApplied] !== undefined;
  return {
    ...secret,
    ...(metadata ? { metadata } : {}),
    ...(isRepeated
      ? { metadata: { ...metadata, annotations: { ...annotations, [lastApplied]: mask } } }
      : {}),
    ...(data ? { data: Object.fromEntries(Object.keys(data).map((name) => [name, mask])) } : {}),
  };
}
