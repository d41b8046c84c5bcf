/** The screens with which the desk's day does not begin: a file of their own. */
export { Accounts } from "./accounts.tsx";
export { Alerts } from "./alerts.tsx";
export { Audit } from "./audit.tsx";
export { Calls } from "./calls.tsx";
export { Enrol } from "./enrol.tsx";
export { MyAccount } from "./me.tsx";
export { Problems } from "./problems.tsx";
export { Queries } from "./queries.tsx";
export { Roster } from "./roster.tsx";
export { Sites } from "./sites.tsx";
