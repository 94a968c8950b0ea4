import { controlsOf } from "./entry.ts";

/** The 22 categories of the six functions. */
export const nist = controlsOf(`
GV.OC | Organisational context | organisation
GV.RM | Risk management strategy | organisation
GV.RR | Roles and responsibilities | organisation
GV.PO | Policy | organisation
GV.OV | Oversight | organisation
GV.SC | Supply chain risk | organisation
ID.AM | Asset management | nobody
ID.RA | Risk assessment | organisation
ID.IM | Improvement | running
PR.AA | Identity, authentication and access | nobody
PR.AT | Awareness and training | organisation
PR.DS | Data security | nobody
PR.PS | Platform security | nobody
PR.IR | Resilience of the infrastructure | running
DE.CM | Continuous monitoring | running
DE.AE | Analysis of adverse events | running
RS.MA | Incident management | running
RS.AN | Incident analysis | running
RS.CO | Incident reporting | organisation
RS.MI | Incident mitigation | running
RC.RP | Recovery plan execution | running
RC.CO | Recovery communication | organisation
`);
