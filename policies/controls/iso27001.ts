import { controlsOf } from "./entry.ts";

/** Annex A, all 93 controls. */
export const iso27001 = controlsOf(`
A.5.1 | Policies for information security | organisation
A.5.2 | Roles and responsibilities | organisation
A.5.3 | Segregation of duties | running
A.5.4 | Management responsibilities | organisation
A.5.5 | Contact with authorities | organisation
A.5.6 | Contact with special interest groups | organisation
A.5.7 | Threat intelligence | organisation
A.5.8 | Security in project management | organisation
A.5.9 | Inventory of assets | nobody
A.5.10 | Acceptable use | organisation
A.5.11 | Return of assets | organisation
A.5.12 | Classification of information | organisation
A.5.13 | Labelling of information | nobody
A.5.14 | Information transfer | nobody
A.5.15 | Access control | nobody
A.5.16 | Identity management | organisation
A.5.17 | Authentication information | nobody
A.5.18 | Access rights | organisation
A.5.19 | Security with suppliers | organisation
A.5.20 | Security in supplier agreements | organisation
A.5.21 | Security in the ICT supply chain | nobody
A.5.22 | Monitoring of supplier services | organisation
A.5.23 | Use of cloud services | organisation
A.5.24 | Preparation for incidents | running
A.5.25 | Assessment of events | running
A.5.26 | Response to incidents | running
A.5.27 | Learning from incidents | organisation
A.5.28 | Collection of evidence | running
A.5.29 | Security during disruption | running
A.5.30 | ICT readiness for business continuity | running
A.5.31 | Legal and contractual requirements | organisation
A.5.32 | Intellectual property | organisation
A.5.33 | Protection of records | running
A.5.34 | Privacy | organisation
A.5.35 | Independent review | organisation
A.5.36 | Compliance with policies and standards | organisation
A.5.37 | Documented operating procedures | running
A.6.1 | Screening | organisation
A.6.2 | Terms of employment | organisation
A.6.3 | Awareness and training | organisation
A.6.4 | Disciplinary process | organisation
A.6.5 | After employment ends | organisation
A.6.6 | Confidentiality agreements | organisation
A.6.7 | Remote working | organisation
A.6.8 | Reporting of events | organisation
A.7.1 | Physical perimeters | aws
A.7.2 | Physical entry | aws
A.7.3 | Offices and facilities | aws
A.7.4 | Physical monitoring | aws
A.7.5 | Environmental threats | aws
A.7.6 | Work in secure areas | aws
A.7.7 | Clear desk and screen | organisation
A.7.8 | Siting of equipment | aws
A.7.9 | Assets off premises | organisation
A.7.10 | Storage media | aws
A.7.11 | Supporting utilities | aws
A.7.12 | Cabling | aws
A.7.13 | Maintenance of equipment | aws
A.7.14 | Disposal of equipment | aws
A.8.1 | User endpoint devices | organisation
A.8.2 | Privileged access rights | nobody
A.8.3 | Restriction of access to information | nobody
A.8.4 | Access to source code | organisation
A.8.5 | Secure authentication | nobody
A.8.6 | Capacity management | running
A.8.7 | Protection against malware | nobody
A.8.8 | Management of technical vulnerabilities | nobody
A.8.9 | Configuration management | running
A.8.10 | Deletion of information | organisation
A.8.11 | Data masking | unused
A.8.12 | Prevention of data leakage | nobody
A.8.13 | Backup of information | running
A.8.14 | Redundancy of facilities | running
A.8.15 | Logging | nobody
A.8.16 | Monitoring activities | running
A.8.17 | Clock synchronisation | aws
A.8.18 | Privileged utility programs | nobody
A.8.19 | Installation of software | nobody
A.8.20 | Security of networks | nobody
A.8.21 | Security of network services | nobody
A.8.22 | Segregation of networks | nobody
A.8.23 | Web filtering | nobody
A.8.24 | Use of cryptography | nobody
A.8.25 | Secure development life cycle | organisation
A.8.26 | Application security requirements | application
A.8.27 | Secure architecture | application
A.8.28 | Secure coding | application
A.8.29 | Security testing | application
A.8.30 | Outsourced development | unused
A.8.31 | Separation of environments | nobody
A.8.32 | Change management | running
A.8.33 | Test information | application
A.8.34 | Protection during audit tests | organisation
`);
