import { controlsOf } from "./entry.ts";

/** Articles that bind a provider of crypto-asset services, a trading platform above all. */
export const mica = controlsOf(`
Art. 62 | Application for authorisation | organisation
Art. 64 | Withdrawal of authorisation | organisation
Art. 66 | Acting honestly, in clients' interest | organisation
Art. 67 | Prudential requirements | organisation
Art. 68 | Governance, continuity and records | running
Art. 69 | Information to authorities | organisation
Art. 70 | Safekeeping of clients' assets and funds | application
Art. 71 | Complaints handling | organisation
Art. 72 | Conflicts of interest | organisation
Art. 73 | Outsourcing | organisation
Art. 74 | Orderly wind-down | organisation
Art. 75 | Custody and administration | application
Art. 76 | Operation of a trading platform | application
Art. 77 | Exchange for funds or other crypto-assets | application
Art. 78 | Execution of orders | application
Art. 79 | Placing of crypto-assets | unused
Art. 80 | Reception and transmission of orders | unused
Art. 81 | Advice and portfolio management | unused
Art. 82 | Transfer services | application
Art. 92 | Prevention and detection of market abuse | application
`);
