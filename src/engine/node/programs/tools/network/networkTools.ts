// The programs that use the network.
import type { Steps } from "../../../steps.ts";
import type { Tool, Tools } from "../tool.ts";
import { curl } from "./curl.ts";
import { dig, host } from "./dig.ts";
import { httpd } from "./httpd.ts";
import { nc, telnet } from "./netcat.ts";
import { nslookup } from "./nslookup.ts";
import { ping } from "./ping.ts";
import { wget } from "./wget.ts";

export const networkTools = {
  wget,
  curl,
  nslookup,
  dig,
  host,
  nc,
  netcat: nc,
  telnet,
  ping,
  httpd,
  ip,
  ifconfig,
} satisfies Tools;

const mtu = 1_500;

/** "0a:58:0a:f4:00:05", from the address, as bridge plugins make it. */
function hardwareAddress(address: string): string {
  const parts = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return ["0a", "58", ...parts].join(":");
}

function* ip(tool: Tool, args: readonly string[]): Steps<number> {
  const [object = "", ...rest] = args.filter((arg) => !arg.startsWith("-"));
  const [address = "127.0.0.1"] = tool.process.network.addresses;
  const gateway = address.replace(/\.\d+$/, ".1");
  if ("route".startsWith(object) && object !== "") {
    yield* tool.write(
      `default via ${gateway} dev eth0 \n${address.replace(/\.\d+$/, ".0")}/24 dev eth0 scope link  src ${address} \n`,
    );
    return 0;
  }
  const isKnown = object !== "" && ("address".startsWith(object) || "link".startsWith(object));
  if (!isKnown || rest[0] === "add")
    return tool.isBusybox
      ? tool.usage("[OPTIONS] address|route|link [ARGS]")
      : tool.fail(`Object "${object}" is unknown, try "ip help".`);
  const hasAddresses = "address".startsWith(object);
  const loopback = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n`;
  const eth0 = `2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu ${mtu} qdisc noqueue state UP \n    link/ether ${hardwareAddress(address)} brd ff:ff:ff:ff:ff:ff\n`;
  const inet = (one: string) => (hasAddresses ? one : "");
  const valid = "       valid_lft forever preferred_lft forever\n";
  yield* tool.write(
    `${loopback}${inet(`    inet 127.0.0.1/8 scope host lo\n${valid}`)}${eth0}${inet(`    inet ${address}/24 brd ${address.replace(/\.\d+$/, ".255")} scope global eth0\n${valid}`)}`,
  );
  return 0;
}

function* ifconfig(tool: Tool): Steps<number> {
  const [address = "127.0.0.1"] = tool.process.network.addresses;
  const broadcast = address.replace(/\.\d+$/, ".255");
  yield* tool.write(`eth0      Link encap:Ethernet  HWaddr ${hardwareAddress(address).toUpperCase()}  
          inet addr:${address}  Bcast:${broadcast}  Mask:255.255.255.0
          UP BROADCAST RUNNING MULTICAST  MTU:${mtu}  Metric:1

lo        Link encap:Local Loopback  
          inet addr:127.0.0.1  Mask:255.0.0.0
          UP LOOPBACK RUNNING  MTU:65536  Metric:1

`);
  return 0;
}
