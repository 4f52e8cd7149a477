// How the server answers reviews: kinds that are created to ask a question, by "resource.group".
import type { ReviewHandler } from "../call.ts";

export const reviewHandlers: Readonly<Record<string, ReviewHandler>> = {};
