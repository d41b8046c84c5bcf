import type { DeskWords } from "./site.ts";
import { entryEn } from "./site-entries.en.ts";
import { personEn } from "./site-person.en.ts";
import { workEn } from "./site-work.en.ts";

const s = (n: number): string => (n === 1 ? "" : "s");

export const siteEn: DeskWords = {
  appName: "Diary desk",
  nav: { label: "Main", overview: "Overview", alerts: "Alerts", queries: "Queries", calls: "Calls", roster: "Roster", problems: "Operation", enrol: "Enrol", audit: "Audit", accounts: "Accounts", sites: "Sites", me: "My account", search: "Subject", keys: "Keys", skip: "Skip to content" },
  common: {
    save: "Save", saving: "Saving", cancel: "Cancel", close: "Dismiss", back: "Back", edit: "Change", add: "Add", end: "End", more: "Show earlier ones", none: "None", yes: "Yes", no: "No", unknown: "Unknown", notSet: "not given",
    retry: "Try again", loading: "Loading", noAnswer: "The server did not answer. What you wrote is still here. Please try again.", optional: " (optional)", reason: "Reason", reasonHint: "One sentence. It is kept in the trail.", sourceNote: "Source", sourceHint: "Where this was checked: chart, call, photo, page of the paper diary.",
    from: "From", to: "To", all: "All", copy: "Copy", copied: "Copied", print: "Print", saved: "Saved", next: "Next", day: "Day", name: "Name", phone: "Phone", email: "E-mail", language: "Language", code: "en", choose: "Please choose", notSeenHere: "Your account does not see names.",
    weekdays: "Sun Mon Tue Wed Thu Fri Sat",
    dayWords: (month, day, week) => `${week} ${day} ${["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1] ?? ""}`,
    inYear: (day, year) => `${day} ${year}`, today: "Today", yesterday: "Yesterday",
    age: (days, hours, minutes) => days >= 2 ? `${days} days` : hours >= 1 ? (hours >= 12 || minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`) : minutes === 0 ? "just now" : `${minutes} min`,
    ago: (age) => (age === "just now" ? age : `${age} ago`),
    years: (n) => `${n} years`, count: (n) => `${n} entr${n === 1 ? "y" : "ies"}`,
    languages: { "zh-CN": "中文", en: "English" }, form: "Please look at the marked fields.",
  },
  roles: { participant: "Participant", guardian: "Guardian", coordinator: "Coordinator", investigator: "Investigator", monitor: "Monitor", administrator: "Administrator", system: "System" },
  entrance: {
    title: "Sign in to the desk", needLogin: "Please fill in your e-mail.", needSecret: "Please fill in your password.", login: "E-mail", secret: "Password", totp: "Code", totpHint: "The 6 digits of your authenticator. Leave it empty if you have none.", go: "Sign in", again: "Please sign in again", againLead: "Your session has ended. What you wrote on this page is still here.", leave: "Sign in as somebody else",
    forgot: "Forgot the password? The administrator gives you a new link.", participant: "This is the desk of the study staff. Participants, please open the diary.", participantGo: "Open the diary",
    setupTitle: "Make the administrator's account", setupLead: "This link works once. You become the first administrator and open the accounts of the staff.", code: "One-time code", password: "Choose a password", passwordHint: "12 to 200 characters. A sentence does well.", passwordAgain: "The same again", differ: "The two are not the same. Please type it again.", setupGo: "Make the account",
    activateTitle: "Open your account", activateLead: "Choose a password. From now on you sign in with your e-mail and this password.", activateGo: "Open and sign in", activateTotp: "Only if you had a second factor before.",
  },
  overview: {
    title: "Who needs me now", live: (time) => `Checked ${time}, updates by itself`, offline: "The server does not answer. This is what was known last.", filterState: "State", everyState: "All states",
    subject: "Subject", why: "Why", next: "Next step", never: "nothing yet", open: "Open", acknowledge: "Acknowledge", review: "Review", nothing: "Nothing open.",
    held: (n) => `${n} held entr${n === 1 ? "y waits" : "ies wait"} for you.`, reconsent: "Came of age: a consent of their own is due.", more: (n) => `${n} more alert${s(n)}.`, empty: "No participants yet.", noMatch: "No participant matches.", people: (n) => `${n} participant${s(n)}`, child: "child",
    states: { screening: "Screening", enrolled: "Enrolled", transplanted: "Transplanted", paused: "Paused", withdrawn: "Withdrawn", completed: "Completed" }, dayAfter: (n) => `day ${n}`, dayAfterLong: (day) => `Transplanted, ${day}`,
    clear: "Clear",
  },
  alerts: {
    title: "Alerts", open: "Open", acknowledged: "Acknowledged", resolved: "Resolved", levels: { page: "PAGE", desk: "desk" }, none: "No alerts.", allQuiet: "No alert is open.",
    kinds: {
      assistance: "A low that needed help", lo: "Below the meter's range", severe_value: "Severe low by value", late_lows: "Lows that arrived late", review: "A low for a person to judge", call_me: "Asks to be called", refused_text: "A refused text that may be a severe low", no_blood_draw: "No blood draw in time",
      fever: "Fever", persistent_vomiting: "Vomiting goes on", high_running: "Very high twice running", missed_doses: "Two immunosuppressant doses missed", contraception_no: "Contraception not as agreed", pregnancy_positive: "Positive pregnancy test", contraception_review: "Hormones alone beside mycophenolate", zone_waits: "A journey: doses would come out of step",
    },
    reasons: { unanswered: "Question not answered: now a page.", no_recheck: "No recovery measured: now a page.", not_acknowledged: "Nobody acknowledged it: now a page." },
    opened: (ago) => `Opened ${ago}`, seen: "Seen", acknowledgedAt: "Acknowledged", resolvedAt: "Resolved", notSeen: "Not seen yet", entries: (n) => `${n} entr${n === 1 ? "y" : "ies"} in all`, acknowledge: "Acknowledge", acknowledged1: "Acknowledged", resolve: "Resolve", openPerson: "Open participant",
    resolveTitle: (subject) => `Resolve the alert of ${subject}`, resolution: "What happened and what was done", resolutionHint: "One sentence. It stays with your name and the time.", sae: "Is it an adverse event", saeOptions: { yes: "Serious adverse event", no: "No", undecided: "Not decided" }, resolved1: "Resolved", newAlert: (subject) => `New page: ${subject}`,
    was: "Resolved with", saeWas: "Adverse event", undecided: "AE not decided", noUndecided: "Every closed alert is decided.", decide: "Decide about the AE", decideAnew: "Decide anew", decideTitle: (subject) => `Was this alert of ${subject} an adverse event`, decideWhy: "Why", decideHint: "One sentence. It stays with your name and the time.", decided: "Decided", decidedAt: "decided", needSae: "Please choose one.",
    count: (n) => `${n} alert${s(n)} not resolved`,
  },
  person: {
    tabs: { diary: "Diary", waiting: "To review", schedules: "Schedules", person: "Record" }, noAlert: "No alert is open.", sex: { female: "female", male: "male" }, openAlerts: (n) => `${n} more alert${s(n)}`, addEntry: "Add entry", notFound: "There is no participant here that you may see.",
    identity: "Identity", birthDay: "Birth day", age: "Age", sexLabel: "Sex", fertile: "Fertile", premenopausal: "Premenopausal", treatedByCarer: "A carer always treats lows", minorApproved: "Ethics approved asking a minor about contraception", unit: "Glucose unit", zone: "Time zone", state: "State", transplantDays: "Transplant days", account: "Account", login: "Login", subject: "Subject number", since: "Taken in",
    accountStates: { invited: "not opened yet", open: "open", closed: "closed" }, issueCode: "Issue code", newCode: "Issue new code", editTitle: "Change the record", stateTitle: "Change the state", stateGo: "Change state", addTransplant: "Add a transplant day", removeDay: "Remove",
    consents: "Consent", givers: { participant: "Participant's consent", guardian: "Guardian's consent", child_assent: "Child's assent" }, version: "Version", signedDay: "Signed on", recordConsent: "Record consent", giver: "Given by", whichGuardian: "Which guardian", reconsent: "Came of age: a consent of their own is due, and guardians have no access any more.",
    guardians: "Guardians", relation: "Relation to the child", addGuardian: "Add a guardian", endGuardian: "End access", endGuardianTitle: (login) => `End the access of ${login}`, endedAt: "ended", existing: "Guardian of another child already", newPerson: "Somebody new", otherChild: "Number of the other child", noneFound: "No guardian there.", noGuardians: "No guardians.",
    meters: "Meters", serial: "Serial number", model: "Model", given: "given", returned: "returned", assignMeter: "Give a meter", inUse: "in use", noMeters: "No meter given yet.",
    devices: "Phones signed in", lastSeen: "Last used", revoke: "Sign it out", revokeTitle: "Sign this phone out", revokeLead: "For a phone that is lost or not used any more. Unsent entries stay on it until somebody signs in there again.", noDevices: "No phone is signed in.", revoked: "Signed out",
  },
  diary: {
    title: "Diary", kind: "Kind", time: "Time", what: "What", who: "Who", marks: "Marks", none: "No entries here.", clearFilter: "Show all", detail: "This entry", versions: "All versions", version: (n) => `Version ${n}`, counts: "Counts now", waits: "Waits for the site", corrected: "Corrected", withdrawn: "Withdrawn", late: "Late", review: "Under review", notCounted: "Not in summaries",
    occurred: "Happened", recorded: "Written", received: "Received", skew: (x) => `phone clock off by ${x}`, origin: "Origin", origins: { typed: "typed", bluetooth: "Bluetooth", file: "file", api: "program", staff: "site", paper: "paper diary" }, why: "Why changed", proxy: "Why somebody else wrote it", source: "Source", was: "Was", now: "Now", empty: "empty", accept: "Accept into summaries", acceptTitle: "Accept this entry", acceptedBy: "Accepted by", correct: "Correct", withdraw: "Withdraw", correctTitle: "Correct this entry", withdrawTitle: "Withdraw this entry", withdrawLead: "The old one can still be seen. Nothing is deleted.", askedBy: "Only on the participant's request, with the source.", adaLevel: (n) => `ADA level ${n}`,
    bases: { none: "not a severe low", value: "severe by value", assistance: "severe: needed help", both: "severe by value and help", review: "under review: a person decides" }, changes: "What changed", first: "As first written", sameEpisode: "same episode", delay: (age) => `received ${age} after it was written`, byDay: (n) => `${n} entr${n === 1 ? "y" : "ies"}`, occurredAt: "When it happened",
  },
  waiting: {
    writtenLater: (age) => `written ${age} later`, heldTitle: "Held entries", heldLead: "Logged too late to count by themselves. They are safe, and outside of the summaries. Check them, name the source, accept.", noHeld: "Nothing is held.", refusedTitle: "Refused and conflicts", refusedLead: "What a phone sent and could not be taken. The text as it came is here; the participant sees it too.", noRefused: "None.", refused: "Refused", conflict: "Conflict", raw: "As sent", sentAt: "received", accepted: "Accepted. It counts now.", seeEntry: "See the one that counts",
  },
  staff: {
    title: "Add an entry", fromSite: "Site record", fromPaper: "From the paper diary", pick: "Which kind", paperNote: "Page or photo of the paper diary", when: "When", stored: "Saved.", severe: "The server says: severe low. An alert is open.", zoneNote: (zone) => `in the time of ${zone}`, addOne: "Add one", needed: "needed",
  },
  schedules: {
    title: "Schedules", none: "No schedules yet.", add: "Add a schedule", replaceTitle: (title) => `Replace “${title}”`, kinds: { dose: "Medicine", reading: "Glucose", contraception: "Contraception", diary: "Diary" }, kind: "Kind", name: "Title", times: "Times", timesHint: "Like 08:00. There may be several.", every: "How often", rrules: { daily: "Every day", other_day: "Every other day", weekly: "Every week", monthly: "Every month" }, weekdaysLabel: "On which days", monthDay: "Day of the month", fromDay: "First day", toDay: "Last day", drug: "Medicine", amount: "Amount each time", before: "May be early by", after: "May be late by", minutes: "min",
    hold: "A day to wait for the blood draw", holdDay: "Day", holdLatest: "Draw at the latest", holdReason: "Reason", withHold: "One day waits for a blood draw", active: "Running", ended: "Ended", endTitle: (title) => `End “${title}”`, endLead: "Withdrawal or completion does not end medication reminders by itself. The investigator ends each.", lastDay: "Last day", endGo: "End it", replace: "Replace", window: (before, after) => `${before} before to ${after} after`, duration: (n, unit) => `${n} ${{ days: n === 1 ? "day" : "days", hours: "h", minutes: "min" }[unit]}`, onMonthDay: (day) => `on day ${day}`, replacedBy: (title, day) => `“${title}” took its place ${day}`, set: "Set", until: (day) => `to ${day}`, since: (day) => `from ${day}`, endedWhy: "Ended because", holdLine: (day, time) => `${day}: wait for the blood draw, latest ${time}`, nothingPlanned: "None has ended.",
  },
  enrol: {
    title: "Enrol a participant", steps: { person: "Participant", health: "Fertility and care", consent: "Consent", meter: "Meter", check: "Check" }, subjectHint: "S and 3 to 8 digits, like S019.", birthHint: "It decides whether guardians consent.", isChild: (n) => `${n} years: the child's assent and a guardian's consent are needed.`, isAdult: (n) => `${n} years: consents for themselves.`,
    fertileLabel: "Fertile (asked of everybody)", premenopausalLabel: "Premenopausal", pregnancyNote: "A negative pregnancy test is needed on record before enrolment.", carerLabel: "A carer always treats lows", minorLabel: "Ethics approved asking about contraception on the child's own phone", consentAdult: "Consent", assent: "The child's assent", guardian: (n) => `Guardian ${n}`, removeGuardian: "Remove this one", moreGuardian: "Add another guardian", meterLead: "The meter given to the participant. It can be added later.", checkLead: "Please check. Saving takes the participant into screening.", save: "Enrol", done: (subject) => `${subject} is taken in`, doneLead: "Codes can be issued now.", needGuardian: "Under 18, at least one guardian consents.", fixStep: "Something in this step needs another look.", openPerson: "Open participant", next: "Next", previous: "Back",
  },
  code: {
    title: "Activation code", lead: "Scan it with the phone, or open the diary and type the code.", login: "Login", until: (when) => `Valid until ${when}`, once: "It works once and is not shown again. Codes issued before have ended.", qr: "QR code for activation", copyLink: "Copy link", copyCode: "Copy code", confirmTitle: (login) => `Issue a code for ${login}?`, confirmLead: "A new code ends earlier unused ones. Phones that are signed in stay signed in.", issue: "Issue code", staffLead: "Hand this link to the person. It lets them choose a password.",
  },
  accounts: {
    title: "Accounts", create: "Open an account", none: "No accounts.", role: "Role", site: "Site", state: "State", lastSeen: "Last used", second: "Second factor", secondOn: "on", secondOff: "off", never: "never", createTitle: "Open a staff account", emailHint: "It is also the login.", close: "Close", closeTitle: (login) => `Close ${login}`, closeLead: "From the next request on it cannot be used. It cannot be opened again.", resetSecond: "Reset second factor", resetTitle: (login) => `Reset the second factor of ${login}`, resetLead: "For a lost phone. It signs the person out.", newLink: "New link", linkTitle: (login) => `Link for ${login}`, edit: "Change", editTitle: (login) => `Change ${login}`, editLead: "Another role or site signs the person out.", filter: "Find by login or name", staffOnly: "Staff", patients: "Participants and guardians", needSite: "Add a site first: a coordinator belongs to one.", toSites: "Go to sites",
  },
  sites: { title: "Sites", create: "Add a site", none: "No sites yet.", name: "Name", zone: "Time zone", createTitle: "Add a site", zoneHint: "Like Asia/Shanghai." },
  audit: {
    title: "Audit trail", at: "When", who: "Who", action: "Action", object: "What", field: "Field", old: "Was", new: "Now", reason: "Reason", none: "No rows.", hash: "Hash", lead: "Every change, field by field. It can be neither changed nor deleted.", subject: "Subject", whole: "Show all", created: "As created",
    fields: {
      seen_at: "seen", seen_by: "seen by", acknowledged_at: "acknowledged", acknowledged_by: "acknowledged by", resolved_at: "resolved", resolved_by: "resolved by", resolution: "resolved with", sae: "adverse event", level: "level", state: "state", kind: "kind", paged_at: "became a page", reason: "reason", to_day: "last day", ended_at: "ended", ended_by: "ended by", end_reason: "ended because",
      transplant_days: "transplant days", fertile: "fertile", premenopausal: "premenopausal", treated_by_carer: "a carer always treats lows", minor_contraception_approved: "ethics approved asking a minor about contraception", display_unit: "glucose unit", zone: "time zone", language: "language", sex: "sex", birth_day: "birth day", name: "name", phone: "phone", email: "e-mail", role: "role", site_id: "site", returned_day: "returned", closed_at: "closed", closed_by: "closed by", answered_at: "answered", entry_id: "version asked about", due_day: "answer wanted by", sae_by: "adverse event decided by", sae_at: "adverse event decided", sae_reason: "why decided so", reopened_at: "opened again", sent_at: "paged", delivered_at: "page delivered", value_at: "time of the value",
      cancelled_at: "cancelled", cancelled_by: "cancelled by", cancel_reason: "cancelled because", about: "about", outcome: "what came of it", note: "what was said", tested_at: "tested", revoked_at: "taken back", decided_at: "decided", decided_by: "decided by", login: "login",
    },
    nothing: "none", queryStates: { open: "open", answered: "answered", closed: "closed" }, zoneStates: { applied: "in force", waiting: "waits for the site", refused: "refused" },
    objects: { account: "account", alert: "alert", consent: "consent", entry: "entry", entry_decision: "decision on an entry", guardianship: "guardianship", meter: "meter", participant: "participant", refusal: "refused text", schedule: "schedule", site: "site", session: "session", query: "query", query_message: "message of a query", planned_visit: "planned visit", roster: "roster", zone_change: "change of time zone", identity: "name and numbers", call: "call", channel: "channel", calendar_feed: "calendar", problem: "problem", push_host: "push service", subscription: "phone", same_record: "meter record sent again" },
    actions: { create: "created", change: "changed", correct: "corrected", withdraw: "withdrew", sign_in: "signed in", sign_out: "signed out", activate: "activated", set_up: "set up", issue_code: "issued a code for", issue_setup_code: "issued a set-up code", set_secret: "set the secret of", start_second_factor: "started a second factor", second_factor_on: "switched on a second factor", reset_second_factor: "reset the second factor of", revoke_session: "signed out a phone of", create_calendar_feed: "made", close_problem: "closed", resume_push_host: "sends again to", set_phone_aside: "set aside" },
  },
  me: { title: "My account", role: "Role", login: "Login", second: "Second factor", secondOn: "On: signing in asks for a code. If the phone is lost, ask the administrator.", secondOff: "Off. Better on: a stolen password alone then opens nothing.", start: "Switch on", scan: "Scan this with an authenticator app, or type the key.", key: "Key", confirm: "The 6 digits of the authenticator", confirmGo: "Confirm", signOut: "Sign out", done: "Switched on" },
  keys: { title: "Keys", list: [["/", "find a subject"], ["j k", "down, up"], ["Enter", "open"], ["a", "acknowledge"], ["r", "resolve, or close a query"], ["q", "answer a query"], ["?", "this list"]] },
  page: personEn,
  work: workEn,
  entry: entryEn,
};
