import type { DocumentationData } from "../src/api/openapi/documentation.ts";

export function gatherFieldDocs(): DocumentationData;
