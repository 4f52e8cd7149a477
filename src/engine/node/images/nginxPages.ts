// The pages that nginx makes by itself. Source: nginx ngx_http_special_response.c.
import { reasonOf } from "../../network/http1.ts";

export const nginxVersion = "1.27.5";

export function nginxErrorPage(status: number): string {
  const title = `${status} ${reasonOf(status)}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/${nginxVersion}</center>\r\n</body>\r\n</html>\r\n`;
}
