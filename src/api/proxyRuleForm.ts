// The forms in which kube-proxy can write its rules.

export type ProxyRuleForm = (typeof proxyRuleForms)[number];

export const proxyRuleForms = ["iptables", "nftables"] as const;
