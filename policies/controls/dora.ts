import { controlsOf } from "./entry.ts";

/** Articles on ICT risk, incidents, testing and third parties; supervision and oversight (31 and on) binds authorities. */
export const dora = controlsOf(`
Art. 5 | Governance and organisation | organisation
Art. 6 | ICT risk management framework | organisation
Art. 7 | ICT systems, protocols and tools | running
Art. 8 | Identification | organisation
Art. 9 | Protection and prevention | application
Art. 10 | Detection | running
Art. 11 | Response and recovery | running
Art. 12 | Backup, restoration and recovery | running
Art. 13 | Learning and evolving | running
Art. 14 | Communication | organisation
Art. 16 | Simplified framework for small entities | unused
Art. 17 | ICT-related incident management process | running
Art. 18 | Classification of incidents and threats | organisation
Art. 19 | Reporting of major incidents | organisation
Art. 23 | Payment-related incidents | unused
Art. 24 | Requirements for resilience testing | running
Art. 25 | Testing of ICT tools and systems | running
Art. 26 | Threat-led penetration testing | organisation
Art. 27 | Requirements for testers | organisation
Art. 28 | ICT third-party risk | organisation
Art. 29 | ICT concentration risk | organisation
Art. 30 | Contractual provisions | organisation
Art. 45 | Sharing of threat information | organisation
`);
