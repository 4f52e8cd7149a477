// DefaultTolerationSeconds: how long a Pod stays on a node that is not ready or out of reach.
// Source: plugin/pkg/admission/defaulttolerationseconds, 1.34.
import { addDefaultTolerations } from "../../../api/kinds/pod/defaultTolerations.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import type { Pod as PodObject } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./isWriteOf.ts";

export const defaultTolerationSeconds: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  admit(request) {
    if (isWriteOf(Pod, request, "CREATE", "UPDATE"))
      addDefaultTolerations(request.object as Draft<PodObject>);
  },
};
