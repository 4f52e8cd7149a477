// Image references in full, as containerd keeps them: "nginx" is "docker.io/library/nginx:latest".
// Source: distribution/reference ParseDockerRef, as kubernetes v1.34 and containerd v2.1 use it.

export interface ImageName {
  /** "docker.io/library/nginx". */
  readonly repository: string;
  /** "" if the reference gives a digest alone. */
  readonly tag: string;
  /** "sha256:…"; "" if the reference gives none. */
  readonly digest: string;
}

const separator = "(?:[._]|__|-+)";
const component = `[a-z0-9]+(?:${separator}[a-z0-9]+)*`;
const host = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)";
const registry = `${host}(?:\\.${host})*(?::[0-9]+)?`;
const reference = new RegExp(
  `^(?:(${registry})/)?(${component}(?:/${component})*)(?::([\\w][\\w.-]{0,127}))?(?:@(sha256:[a-f0-9]{64}))?$`,
);
const onlyHex = /^[a-f0-9]{64}$/;

/** @returns the parts, or why `text` is no reference, in the library's words */
export function parseImageName(text: string): ImageName | { readonly error: string } {
  const match = reference.exec(text);
  if (!match || onlyHex.test(text))
    return { error: `couldn't parse image name ${JSON.stringify(text)}: ${complaint(text)}` };
  const [, first, path = "", tag, digest = ""] = match;
  const isRegistry = first !== undefined && (/[.:A-Z]/.test(first) || first === "localhost");
  const domain = isRegistry ? first : "docker.io";
  const whole = isRegistry || first === undefined ? path : `${first}/${path}`;
  const isOfficial = domain === "docker.io" && !whole.includes("/");
  return {
    repository: `${domain}/${isOfficial ? "library/" : ""}${whole}`,
    tag: tag ?? (digest === "" ? "latest" : ""),
    digest,
  };
}

/** "docker.io/library/nginx:1.27": how the runtime calls an image. */
export function fullImageName({ repository, tag, digest }: ImageName): string {
  return tag === "" ? `${repository}@${digest}` : `${repository}:${tag}`;
}

function complaint(text: string): string {
  if (onlyHex.test(text))
    return `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`;
  const repository = text.replace(/(@.*|:[^/]*)$/, "");
  const path = repository.includes("/") ? repository : `library/${repository}`;
  return path === path.toLowerCase()
    ? "invalid reference format"
    : `invalid reference format: repository name (${path}) must be lowercase`;
}
