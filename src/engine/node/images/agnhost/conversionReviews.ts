// How agnhost's webhook converts custom resources: v1 has "hostPort", v2 has "host" and "port".
// Source: test/images/agnhost/crd-conversion-webhook/converter, kubernetes v1.34.
type Json = Readonly<Record<string, unknown>>;

export interface ConversionRequest {
  readonly uid: string;
  readonly desiredAPIVersion: string;
  readonly objects: readonly (Json & { readonly apiVersion: string })[];
}

/** A ConversionResponse without its uid. */
export function conversionResponse({ desiredAPIVersion, objects }: ConversionRequest): Json {
  const convertedObjects: Json[] = [];
  for (const object of objects) {
    const converted = convert(object, desiredAPIVersion);
    if (typeof converted === "string")
      return {
        convertedObjects: null,
        result: { metadata: {}, status: "Failure", message: converted },
      };
    convertedObjects.push({ ...converted, apiVersion: desiredAPIVersion });
  }
  return { convertedObjects, result: { metadata: {}, status: "Success" } };
}

/** A text says why not. */
function convert(object: ConversionRequest["objects"][number], wanted: string): Json | string {
  const { apiVersion } = object;
  if (apiVersion === wanted)
    return `conversion from a version to itself should not call the webhook: ${wanted}`;
  const to = wanted.slice(wanted.lastIndexOf("/") + 1);
  if (apiVersion.endsWith("/v1") && to === "v2") return split(object);
  if (apiVersion.endsWith("/v2") && to === "v1") return join(object);
  return `unexpected conversion version ${JSON.stringify(wanted)}`;
}

function split({ hostPort, ...rest }: Json): Json | string {
  if (hostPort === undefined) return rest;
  const parts = String(hostPort).split(":");
  if (parts.length !== 2) return `invalid hostPort value \`${String(hostPort)}\``;
  return { ...rest, host: parts[0], port: parts[1] };
}

function join({ host, port, ...rest }: Json): Json {
  if (host === undefined && port === undefined) return rest;
  return { ...rest, hostPort: `${host ?? ""}:${port ?? ""}` };
}
