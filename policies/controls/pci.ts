import { controlsOf } from "./entry.ts";

/** The twelve requirements by their sections. */
export const pci = controlsOf(`
1.1 | Network controls are defined and understood | organisation
1.2 | Network controls are configured and maintained | running
1.3 | Access to and from the card data environment is restricted | nobody
1.4 | Connections between trusted and untrusted networks are controlled | nobody
1.5 | Risks from devices on both kinds of networks | organisation
2.1 | Secure configuration is defined and understood | organisation
2.2 | System components are configured securely | nobody
2.3 | Wireless environments | unused
3.1 | Protecting stored data is defined and understood | organisation
3.2 | Stored account data is kept to a minimum | unused
3.3 | Sensitive authentication data is not stored | unused
3.4 | Display of card numbers is restricted | unused
3.5 | Stored card numbers are secured | unused
3.6 | Cryptographic keys are secured | nobody
3.7 | Key management covers the key's life | organisation
4.1 | Protecting data in transit is defined and understood | organisation
4.2 | Data in transit is protected by strong cryptography | nobody
5.1 | Protection from malware is defined and understood | organisation
5.2 | Malware is prevented, or detected | nobody
5.3 | Anti-malware is active and monitored | nobody
5.4 | Protection from phishing | organisation
6.1 | Secure development is defined and understood | organisation
6.2 | Custom software is developed securely | application
6.3 | Vulnerabilities are identified and addressed | nobody
6.4 | Public web applications are protected | nobody
6.5 | Changes are managed securely | running
7.1 | Restricting access is defined and understood | organisation
7.2 | Access is defined and assigned by need | nobody
7.3 | Access is managed by a system | nobody
8.1 | Identification is defined and understood | organisation
8.2 | Identities are managed through their life | organisation
8.3 | Strong authentication | nobody
8.4 | Multi-factor authentication | nobody
8.5 | Multi-factor systems are not misused | organisation
8.6 | Application and system accounts are managed | nobody
9.1 | Physical access is defined and understood | organisation
9.2 | Physical access to facilities | aws
9.3 | Physical access of people | aws
9.4 | Media are handled securely | aws
9.5 | Point-of-interaction devices | unused
10.1 | Logging is defined and understood | organisation
10.2 | Audit logs record what matters | nobody
10.3 | Audit logs are protected | nobody
10.4 | Audit logs are reviewed | organisation
10.5 | Audit log history is kept | nobody
10.6 | Clocks are synchronised | aws
10.7 | Failures of security controls are noticed | nobody
11.1 | Testing is defined and understood | organisation
11.2 | Wireless access points are identified | aws
11.3 | Vulnerabilities are scanned for | nobody
11.4 | Penetration tests | organisation
11.5 | Intrusions and changes of files are detected | nobody
11.6 | Changes of payment pages are detected | unused
12.1 | Information security policy | organisation
12.2 | Acceptable use | organisation
12.3 | Risks are identified and managed | organisation
12.4 | Compliance is managed | organisation
12.5 | Scope is documented | organisation
12.6 | Awareness education | organisation
12.7 | Personnel are screened | organisation
12.8 | Third-party service providers | organisation
12.9 | Providers support their customers' compliance | organisation
12.10 | Incidents are responded to | running
`);
