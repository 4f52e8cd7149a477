// What a command of the command line is.

/** Gets the words after its name, prints, and answers the exit code. */
export type Command = (words: readonly string[]) => number | Promise<number>;
