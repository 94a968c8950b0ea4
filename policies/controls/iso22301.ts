import { controlsOf } from "./entry.ts";

/** Clauses 4 to 10. */
export const iso22301 = controlsOf(`
4.1 | Understanding the organisation | organisation
4.2 | Needs of interested parties | organisation
4.3 | Scope | organisation
4.4 | The management system | organisation
5.1 | Leadership | organisation
5.2 | Policy | organisation
5.3 | Roles and responsibilities | organisation
6.1 | Risks and opportunities | organisation
6.2 | Continuity objectives | organisation
6.3 | Changes to the management system | organisation
7.1 | Resources | organisation
7.2 | Competence | organisation
7.3 | Awareness | organisation
7.4 | Communication | organisation
7.5 | Documented information | running
8.1 | Operational planning and control | running
8.2 | Business impact and risk assessment | organisation
8.3 | Continuity strategies and solutions | running
8.4 | Continuity plans and procedures | running
8.5 | Exercise programme | running
8.6 | Evaluation of plans and capabilities | running
9.1 | Monitoring and measurement | running
9.2 | Internal audit | organisation
9.3 | Management review | organisation
10.1 | Nonconformity and corrective action | organisation
10.2 | Continual improvement | organisation
`);
