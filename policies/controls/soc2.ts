import { controlsOf } from "./entry.ts";

/** Common criteria, and those for availability, confidentiality, processing integrity; privacy by its groups. */
export const soc2 = controlsOf(`
CC1.1 | Integrity and ethical values | organisation
CC1.2 | Oversight by the board | organisation
CC1.3 | Structures and responsibilities | organisation
CC1.4 | Competent people | organisation
CC1.5 | Accountability | organisation
CC2.1 | Information of quality | running
CC2.2 | Communication within | organisation
CC2.3 | Communication with others | organisation
CC3.1 | Objectives are specified | organisation
CC3.2 | Risks are identified and analysed | organisation
CC3.3 | Fraud is considered | organisation
CC3.4 | Changes are assessed | organisation
CC4.1 | Controls are evaluated | running
CC4.2 | Deficiencies are communicated | organisation
CC5.1 | Control activities are chosen | organisation
CC5.2 | Controls over technology | nobody
CC5.3 | Controls by policies and procedures | organisation
CC6.1 | Logical access is secured | nobody
CC6.2 | Users are registered and removed | organisation
CC6.3 | Access by role and least privilege | nobody
CC6.4 | Physical access | aws
CC6.5 | Disposal of assets | aws
CC6.6 | Threats from outside the boundary | nobody
CC6.7 | Data in transmission and movement | nobody
CC6.8 | Unauthorised software | nobody
CC7.1 | Configuration changes and vulnerabilities are detected | nobody
CC7.2 | Anomalies are monitored | running
CC7.3 | Events are evaluated | running
CC7.4 | Incidents are responded to | running
CC7.5 | Recovery from incidents | running
CC8.1 | Changes are managed | running
CC9.1 | Risks of disruption are mitigated | running
CC9.2 | Vendors and partners | organisation
A1.1 | Capacity is monitored and managed | running
A1.2 | Backups and recovery infrastructure | running
A1.3 | Recovery is tested | running
C1.1 | Confidential information is protected | nobody
C1.2 | Confidential information is disposed of | organisation
PI1.1 | Processing specifications | application
PI1.2 | Inputs are complete and accurate | application
PI1.3 | Processing is complete and accurate | application
PI1.4 | Outputs are complete and accurate | application
PI1.5 | Stored items are complete and accurate | application
P1 | Notice of privacy | organisation
P2 | Choice and consent | organisation
P3 | Collection | organisation
P4 | Use, retention and disposal | organisation
P5 | Access | organisation
P6 | Disclosure | organisation
P7 | Quality | organisation
P8 | Monitoring and enforcement | organisation
`);
