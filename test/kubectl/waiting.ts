// The sessions that wait for a part of the cluster that is not there yet, and for which.

/** By the session's name. WAITING=1 plays them too. */
export const waiting: Readonly<Record<string, string>> = {};
