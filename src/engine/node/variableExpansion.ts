// $(NAME) in commands, variables and sub-paths. Source: third_party/forked/golang/expansion, 1.34.

/** Replaces what `lookUp` knows; $$ is a dollar sign, and what is unknown stays as it is. */
export function expanded(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (all, name: string | undefined) =>
    name === undefined ? "$" : (lookUp(name) ?? all),
  );
}
