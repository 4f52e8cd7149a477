// How a refusal by etcd reaches the API server's client: kube-apiserver knows no better than to hand on
// the text. Source: apiserver pkg/endpoints/handlers/responsewriters/status.go ErrorToAPIStatus, 1.34.
import { type ApiError, unknownError } from "../../api/status.ts";
import type { EtcdError } from "../store/etcdError.ts";

export function etcdFailure({ message }: EtcdError): ApiError {
  return unknownError(message);
}
