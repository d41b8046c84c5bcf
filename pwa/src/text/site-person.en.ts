import type { personZh } from "./site-person.zh-CN.ts";

const s = (n: number): string => (n === 1 ? "" : "s");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export const personEn: typeof personZh = {
  tabs: { "": "At a glance", charts: "Charts", adherence: "Adherence", reminders: "Reminders", log: "All entries", waiting: "To review", schedules: "Care", person: "Record" },
  shortDay: (month, day, week) => `${week} ${day} ${MONTHS[month - 1] ?? ""}`,
  firstOf: (month) => `1 ${MONTHS[month - 1] ?? ""}`,
  month: (year, month) => (month === 1 ? `Jan ${year}` : (MONTHS[month - 1] ?? "")),
  span: (from, to) => `${from} to ${to}`,
  bases: { value: "by value", assistance: "needed help", both: "both" }, basis: "Basis", source: "Source", fromDiary: "diary",
  logbook: {
    title: (unit) => `Logbook, ${unit}`, lead: "Newest on top. Open a value for its versions and queries.", earlier: "Two more weeks", event: "Event", empty: "nothing", missingShort: "none", missingKey: "none: due, not measured",
    columns: { night: "Night", before_breakfast: "Before breakfast", after_breakfast: "After breakfast", before_lunch: "Before lunch", after_lunch: "After lunch", before_supper: "Before supper", after_supper: "After supper", bedtime: "Bedtime" },
    insulin: "Insulin", insulinUnit: "U/day", meals: "Carbs", mealsUnit: "g/day", mealCount: (n) => `${n} meal${s(n)}`,
  },
  charts: {
    showTable: "Show table", hideTable: "Hide table", hour: "Hour", median: "Median", quartiles: "Quartiles", readings: "Readings", transplant: "Transplantation", nthTransplant: (n) => `Transplantation ${n}`,
    standardDay: "Standard day", standardNote: (span, n, perDay) => `${span}, n = ${n}, ${perDay} a day`, standardFew: (n) => `${n} reading${s(n)}: below 30 there are dots and no lines.`,
    standardSentence: (n, severe) => `${n} readings by the hour of the day, ${severe} of them severe lows. A median needs 3 readings in the hour, the quartile band 5. LO and HI stand on the edge.`,
    thumbs: "14 days, each by itself", thumbsNote: (n) => `n = ${n}, log scale 2 to 22 mmol/L, pale band 3.9 to 10.0`, thumbsSentence: (n, empty) => `${n} reading${s(n)} in 14 days, ${empty === 0 ? "some on every day" : `none on ${empty} day${s(empty)} (a short bar at the foot)`}.`, thumbLabel: (day, n) => `${day}: ${n} reading${s(n)}`,
    trend: "12 months", trendNote: (n) => `by weeks, n = ${n}`, trendSentence: (weeks, n, events) => `${weeks} weeks, ${n} readings, ${events} severe event${s(events)}. A week without readings has no dot.`,
    weekFrom: "Week from", weeklyMean: "Weekly mean, mmol/L", inRange: "% of readings in range", perDay: "Readings per day", below: "Readings below 3.9", level2: "Readings below 3.0", severeReadings: "Severe readings", severeEvents: "Severe events", insulin: "Insulin, U/kg/day",
    severeNote: (n) => `${n} in the last 12 months`, severeSentence: (n, recent, before, after) => `${n} in the last 12 months${before === null ? "" : `: ${before} before and ${after} after transplantation`}. ${recent} in the last 3 months.`,
    range: "Readings by range", rangeHead: "Range", rangeNote: (span, n) => `${span}, n = ${n}`, rangeNone: "No readings in this span.", rangeSentence: (pct, n) => `${pct} % of ${n} readings in range. This is a share of readings, not of time.`,
  },
  summary: {
    title: "Summary", lead: "meter readings only, mmol/L", lastDays: (n) => (n === 365 ? "12 months" : n % 7 === 0 ? `${n / 7} weeks` : `${n} days`), beforeAfter: "Before and after transplantation", compare: "Compare with another span", one: "One span only", span: "Which days", nth: (i) => (i === 0 ? "First span" : "Second span"), order: "The first day comes before the last.",
    figure: "Figure", second: "Risk and lability", unlike: "The two spans were not tested alike. Please compare with care.", unlikeWhy: (a, b) => `${a} and ${b} readings per day differ by more than 25 %. Counts of lows, shares and lability depend on how often somebody tests.`,
    undefined: (why) => `not defined: ${why}`, share: (pct, n, all) => `${pct} % (${n} of ${all})`, ofDays: (n, all) => `${n} of ${all} days`, days: (n) => `${n} day${s(n)}`, onDays: (value, days) => `${value} (on ${days} day${s(days)} with insulin logged)`,
    censored: (text, n, value) => (value === "" ? `${text}, ${n} time${s(n)}` : `${text}, ${n} time${s(n)}; of the numbers ${value}`), events: (value, help, both) => `${value + help + both} (by value ${value}, needed help ${help}, both ${both})`, liUnit: "mmol²/L² per h per week", liAt: (value, perDay) => `${value} (at ${perDay} readings per day)`,
    why: {
      no_readings: "no readings in this span", no_numbers: "only LO or HI, no numbers", one_number: "only one number", days_with_3: "needs 14 days with at least 3 readings", full_weeks: "needs 4 full weeks", no_insulin: "no insulin logged in this span", no_weight: "no weight on record",
    },
    figures: {
      readings: "Readings", perDay: "Readings per day", daysWith3: "Days with at least 3", mean: "Mean", sd: "SD", cv: "CV", min: "Lowest", max: "Highest", inRange: "% of readings in range (3.9–10.0)", below: "% of readings below 3.9", level2: "% of readings below 3.0", above: "% of readings above 10.0", veryHigh: "% of readings above 13.9",
      severeReadings: "Readings below 2.9 or LO", severeEvents: "Severe events", insulin: "Insulin per day", insulinFree: "Insulin-free days", lbgi: "Low blood glucose index (LBGI)", hbgi: "High blood glucose index (HBGI)", adrr: "Average daily risk range (ADRR)", li: "Lability index (LI)",
    },
  },
  adherence: {
    title: "Adherence", lead: "Only what has closed is counted; hospital stays and agreed pauses are out. Open a cell or a figure for the windows behind it.", stripLead: (span) => `${span}. The filled height is the share done`, all: "All windows", kinds: { reading: "Readings", dose: "Doses", diary: "Diary", contraception: "Contraception" },
    ofDue: (done, due) => (due === 0 ? "none due yet" : `${done} of ${due}`), stillOpen: "still open", excluded: "not counted", nonePrescribed: "none prescribed", outside: "outside of the span", keyShare: "share done",
    monitoring: "Glucose", allPoints: "All time points", diary: "Diary", signedDays: "Days signed off", savedAfter: "From event to written", receivedAfter: "From written to received", delay: (median, p90, n) => `half within ${median}, nine in ten within ${p90} (n = ${n})`, noEntries: "no entries written at home",
    attestations: "Attestations given", unnamedDrug: "Medicine without a name", taking: "Taken", inWindow: "On time: 1 h before to 2 h after", inWindowNote: " definition 1", intervals: "On time: interval within 25 % of nominal", intervalsNote: " definition 2", rightDays: "Days with the right number", run: (n) => (n === 1 ? "1 missed" : `${n} missed in a row`), noRuns: "None missed in a row.", fromTo: (a, b) => `${a} to ${b}`,
    noneDue: "none due yet", openWindows: "Show the windows", notCounted: (out, open) => `${out} not counted and ${open} still open: neither is in a denominator.`, windowsLead: (done, counted, rest) => `${done} of ${counted} counted were done${rest === 0 ? "" : `; ${rest} more not counted or still open`}.`, noWindows: "Nothing was prescribed here.",
    dueAt: "Due", what: "What", outcome: "Outcome", answeredAt: "Done at", outcomes: { done: "Done", skipped: "Skipped", missed: "Not logged", left_out: "Not counted", open: "Still open" }, off: (min) => (min === 0 ? "on time" : min > 0 ? `${min} min late` : `${-min} min early`),
    reasons: { study_state: "not in the trial then", not_asked: "not asked on the phone", contraception_ended: "no longer needed", schedule_ended: "the schedule had ended", travel: "moved by travel", worker_down: "the system was down", screening: "screening", withdrawn: "withdrawn", completed: "completed", hospital: "hospital stay", paused: "paused", pause: "paused", told_by_site: "told by the site", forgot: "forgot", ran_out: "ran out", side_effects: "side effects", vomiting: "vomiting", other: "other" },
  },
  concordance: {
    title: "Meter against log", lead: "What the meter holds beside what was typed in the same span.", precision: "Log agrees with the meter", findings: { omitted: "Omitted: in the meter, not in the log", phantom: "Phantom: in the log, not in the meter", altered: "Altered: same time, another value" }, short: { agrees: "agrees", omitted: "omitted", phantom: "phantom", altered: "altered" },
    noMeter: "Nothing was read from a meter in this span yet, so there is nothing to compare.", noLog: "nothing typed in this span", noDifferences: "No differences.", finding: "Difference", inMeter: "Meter", inLog: "Log", absent: "not there",
  },
  reminders: {
    reach: "How far reminders come", reachLead: (days) => `last ${days} days`, sent: "Every message", sentLead: "To the participant and the guardians. Received is what the phone itself reported.", none: "Nothing sent yet.", channel: "Channel", planned: "Due", stages: { handed_over: "Sent", received: "Received", shown: "Shown", opened: "Opened", answered: "Answered" }, notDone: "Not sent", lastReceived: "Last received", never: "never",
    channels: { push: "Push", message: "Message", sms: "SMS", call: "Call" }, dueAt: "Due", about: "About", to: "To", state: "State", howFar: "How far it came", notYet: "not sent yet", round: (n) => `round ${n}`,
    kinds: { dose: "medicine", reading: "glucose", contraception: "contraception", diary: "diary", recheck: "re-check" }, abouts: { reminder: "reminder", recheck: "re-check after a low", blood_draw: "wait for the blood draw", query: "query", test: "test" },
    states: { planned: "planned", claimed: "being sent", handed_over: "sent", received: "received", shown: "shown", opened: "opened", answered: "answered", missed: "not answered in time", cancelled: "no longer needed", notDone: "not sent" },
  },
  inclusion: {
    title: "Severe events and inclusion 5", lead: "From the diary, and what the site recorded from before.", last12: "Last 12 months", last3: "Last 3 months", events: (n) => `${n} event${s(n)}`, until: (day) => `Back from consent (${day})`, in12: (n) => `${n} in 12 months`, in3: (n) => `${n} in 3 months`, met: "met (at least 2 in 12 months, 1 of them in 3)", notMet: "not met (needs 2 in 12 months, 1 of them in 3)",
  },
  care: {
    everyDays: (n) => `every ${n} days`, everyWeeks: (n) => `every ${n} weeks`,
    templates: "Start from a template", templateNone: "Empty form", templateHint: "The usual is filled in; change it to what was ordered.", holdGo: "Wait for draw", holdTitle: (title) => `“${title}” waits for a blood draw`, holdLead: "The reminder of that morning becomes “wait for the blood draw”. After a tap on “blood drawn” the medicine is due. No draw by the latest time pages whoever is on call. A new schedule takes the place of this one; nothing else changes.", holdSet: "Set",
    visits: "Visits", visitsLead: "Fertility is reviewed at each.", addVisit: "Record a visit", noVisits: "No visits yet.", noPlan: "No visit is planned.", planned: "Planned", heldVisits: "Held", planVisit: "Plan a visit", planTitle: "Plan a visit", planLead: "The visit may be held from so many days before its day until so many days after it.", visitName: "Name of the visit", visitDay: "Day", visitBefore: "Days before", visitAfter: "Days after", visitPurpose: "What for", visitStates: { later: "to come", in_window: "may be held now", due: "due", overdue: "overdue", done: "held" }, visitWindow: (first, last) => (first === last ? `on ${first}` : `${first} to ${last}`), heldOn: (day) => `held ${day}`, record: "Record", cancelVisit: "Take off", cancelTitle: (name) => `Take “${name}” off the plan`, cancelLead: "The visit and your reason stay in the record.", planSaved: "Planned", cancelled: "Taken off", ofStudy: "study plan", all: "All visits", fertilityReviewed: "Fertility", fertilityDue: "Fertility was not reviewed at the last visit. Please complete it.", fertilityNone: "not reviewed", contacts: "Contacts", addContact: "Record a contact", noContacts: "No contacts yet.",
    contraception: "Contraception", ends: "Needed until", noEnd: { in_trial: "no end: in the trial", agent_running: "no end: a medicine is running", last_dose_unknown: "no end: a last dose is not known" }, endsOn: (day) => `${day}, that day included`, notApplies: "Does not apply: not fertile", notKnown: "Fertility is not known. Please ask.", askedInApp: "Asked on the phone", agents: "Medicines", agentRuns: "running", agentLast: (day, days, until) => `last dose ${day}, plus ${days} days: ${until}`, agentUnknown: (days) => `last dose not known; ${days} days after it`, method: "Method now", secondMethod: "Hormones alone beside mycophenolate: for the investigator to look at; two methods are preferred.",
    travel: "Time zones", travelLead: "Where the participant said they are. What would put an immunosuppressant interval outside of 9–15 h waits for the site.", noTravel: "No change of zone.", travelStates: { applied: "applied", waiting: "waits for the site", refused: "not applied" }, apply: "Apply", refuse: "Do not apply", decideTitle: (from, to) => `${from} to ${to}`,
    leaflet: "Download leaflet", leafletLead: "One page in both languages: the code, its QR picture, the steps for Android, iPhone and WeChat.", leafletOpen: "Open to print",
    afterState: {
      paused: "While paused, medication reminders go on. Glucose and diary reminders rest, and those days leave the adherence figures.", withdrawn: "After withdrawal the graft still needs its medicines: medication reminders go on until the investigator ends each. Diary and record stay.", completed: "After completion the graft still needs its medicines: medication reminders go on until the investigator ends each. Diary and record stay.",
    },
    stillRunning: "Medication reminders that go on", noneRunning: "No medication reminders are running.", investigatorEnds: "After withdrawal or completion the investigator ends each medication reminder.",
  },
};
