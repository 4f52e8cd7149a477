// How errors cross a port: an ApiError with its whole Status, any other by its name and message.
import { type ErrorCodec, plainErrors } from "../base/rpc.ts";
import { ApiError, type Status } from "./status.ts";

export const apiErrors: ErrorCodec = {
  encode: (error) =>
    error instanceof ApiError ? { status: error.status } : plainErrors.encode(error),
  decode(data) {
    const { status } = data as { status?: Status };
    return status ? new ApiError(status) : plainErrors.decode(data);
  },
};
