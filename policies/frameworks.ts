/** What the pack's rules serve, and where a control is read. */
export const frameworks = {
  dora: { title: "DORA, Regulation (EU) 2022/2554" },
  mica: { title: "MiCA, Regulation (EU) 2023/1114" },
  pci: { title: "PCI DSS 4.0.1" },
  soc2: { title: "SOC 2, Trust Services Criteria" },
  iso27001: { title: "ISO/IEC 27001:2022, Annex A" },
  iso22301: { title: "ISO 22301:2019" },
  nist: { title: "NIST Cybersecurity Framework 2.0" },
  "cis-aws": { title: "CIS AWS Foundations Benchmark 3.0.0" },
  "cis-eks": { title: "CIS Amazon EKS Benchmark 1.5.0" },
} as const;

export type Framework = keyof typeof frameworks;

export interface Control {
  readonly framework: Framework;
  /** As the framework numbers it: `Art. 12(1)`, `A.8.14`, `CC6.1`, `PR.DS-01`. */
  readonly number: string;
}

/** `dora`, `Art. 12` as a control. */
export const control = (framework: Framework, number: string): Control => ({ framework, number });
