import { namesEn } from "./names.ts";
import type { Words } from "./zh-CN.ts";

const s = (n: number): string => (n === 1 ? "" : "s");

export const en: Words = {
  appName: "Diary",
  marks: namesEn.marks,
  status: {
    sent: "Sent", sending: "Sending", fetching: "Fetching", waiting: (n) => `Waiting ${n}`, notSent: "Not sent", version: (v) => `Version ${v}`,
  },
  tabs: { label: "Main", today: "Today", diary: "Diary", help: "Help" },
  common: {
    back: "Back", close: "Close", save: "Save", saving: "Saving", cancel: "Not now", ok: "OK", more: "More", edit: "Change", yes: "Yes", no: "No",
    optional: (label) => `${label} (optional)`, retry: "Try again", settings: "Settings", today: "Today", yesterday: "Yesterday",
    ago: (h, m) => (h === 0 ? (m === 0 ? "just now" : `${m} min ago`) : `${h} h ${m} min ago`),
    daysAgo: (n) => `${n} day${s(n)} ago`,
    day: (month, day, week) => `${week} ${day} ${["Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"][month - 1] ?? ""}`,
    weekdays: "Sun Mon Tue Wed Thu Fri Sat",
    saved: "Saved.", notSaved: "Not saved: this phone has no room for it. Write it down, free some space, and tap Save again. If it is low: call the site.", savedOffline: "Saved on this phone. It goes when there is a network.", undo: "Undo", undone: "Withdrawn. The old one can still be seen.",
    noNetwork: "There is no network now. Try again when there is.", tooBusy: "No connection. Please try again in a little while.",
  },
  trouble: {
    opening: "Opening the diary", title: "The diary on this phone cannot be opened.", lead: "Close other pages of the diary and try again. If it stays like this, call your site. Nothing was deleted.",
    signIn: "This phone cannot read whose diary it is. Sign in once and it is back. What waits is kept.",
  },
  welcome: {
    title: "Hello", lead: "This is your diary. Your site gave you a paper with a code.", code: "I have a code", signIn: "I have a PIN: sign in",
    codeLabel: "Code on the paper", codeHint: "Capital or small letters, both work.", codeGo: "Next", pinTitle: "Choose a PIN",
    pinLead: "4 to 12 digits, best 6. They open your diary from now on.", pinLabel: "New PIN", pinAgain: "The same again", pinDiffer: "The two are not the same. Please type it again.",
    pinForm: "Please type 4 to 12 digits.", pinEasy: "This one is easy to guess. Please choose another.", pinSave: "Set the PIN",
    login: "Your number", loginHint: "Like S007, or S007-G1 for a guardian.", pin: "PIN", signInTitle: "Sign in", signInGo: "Sign in",
    forgot: "Forgot the PIN", forgotTitle: "Forgot the PIN", forgotLead: "Call your site: they give you a new code. All you wrote is still there. Nothing is lost.",
    staff: "This is the diary of participants. Staff, please use the desk.", needName: "Please fill in your number.", needCode: "Please fill in the code on the paper.", desk: "Go to the desk",
  },
  lock: {
    title: "Type your PIN to see the diary", open: "Open", wrong: "That is not the PIN. Try again.", online: "Too many tries. Go online and try again.", other: "Somebody else",
    keeps: "While it is locked, what waits is still sent.", hello: (name) => name,
  },
  who: {
    writing: (subject) => `Writing for ${subject}`, change: "Change child", title: "For whom?", whyTitle: "Why not the child?",
    reasons: ["Still young", "Asleep", "Unwell", "Phone not at hand"], other: "Another reason", otherLabel: "One sentence", go: "Start",
  },
  today: {
    last: "Last reading", none: "No glucose yet today", fetching: "Fetching the diary", notHere: "Not all of the diary is here yet", restComes: "The rest comes by itself.", fetchSignIn: "Sign in and the rest comes.", canLog: "You can log already.", left: (n) => `${n} left today`, done: (n) => `${n} done`,
    allDone: "Today is complete. Thank you.", nothing: "Nothing is planned today. Log what you like.", log: "Log", logGlucose: "Log glucose", other: "Other",
    now: (to) => `Now, until ${to}`, later: "Later", doneTag: "Done", missed: (when) => `${when}, no answer`, answer: "Answer",
    taken: "Taken", skipped: "Skipped", laterButton: "Later", finishDay: "Complete today", beforeSleep: "Before sleep", skipTitle: "Why was it skipped?",
    skipLead: "Every honest answer helps.", notDecided: "Back, I have not decided", lowOpen: (value) => `${value}: not answered yet`, lowOpenGo: "Open",
    doseHelp: "For what to take, ask your site.", holdTitle: "Wait for the blood draw", hold: (time) => `Your ${time} medicine waits until your blood is taken.`,
    noDraw: (time) => `No draw by ${time}?`, callSite: "Call site", drawn: "Blood drawn", drawnAt: (time) => `Blood drawn at ${time}`,
    again: (time) => `Asks again at ${time}`, inMinutes: (n) => `In ${n} min`, otherTime: "Taken at another time", agreed: "Used as agreed", agreedNot: "Another answer",
    holdOver: (time) => `It is past ${time}. Please call your site now.`, lastDose: (when) => `Last dose: ${when}`, lastDoseAsk: "When was the last dose taken?", lastDoseLead: "The lab needs this time beside the blood.", lastDoseKnown: "Choose the time",
    questions: (n) => (n === 1 ? "The site has a question" : `The site has ${n} questions`), questionGo: "Answer",
    afterDraw: "Your morning medicine is due as your site told you.", meterRemembers: "The meter remembers every value too, and your site looks at both. Just write what it showed.",
  },
  reading: {
    title: "Log glucose", correctTitle: "Correct glucose", whenGroup: "When it was measured", chosen: "Chosen by the clock. You can change it", delete: "Delete one digit", point: "Decimal point",
    lo: "low", hi: "high", empty: "No number yet", when: "Time of the test", sample: "What was tested", mine: "My blood", theChild: "The child's blood", control: "Control solution", otherPerson: "Somebody else's blood", whyTitle: "Why was it tested?",
    whyReasons: { control: ["New strips", "Checking the meter", "The site asked"], other: ["Family member", "Wrong meter"] }, whyNote: "It is kept and stays out of your summaries.",
    device: "Tested with", meter: "Meter", cgm: "Sensor", lab: "Hospital lab", future: "This time is still to come. Please change it.", late: "Why is it logged only now?",
    lateReasons: ["Forgot", "Phone was empty", "Unwell", "Away from home"], heldNote: (days) => `${days} day${s(days)} late. It is kept and counts once the site has seen it.`,
    lateNote: (hours) => `${hours} hours have passed. Say why, and it counts.`,
    context: {
      fasting: "Fasting", before_breakfast: "Before breakfast", after_breakfast: "After breakfast", before_lunch: "Before lunch", after_lunch: "After lunch",
      before_supper: "Before supper", after_supper: "After supper", bedtime: "Bedtime", night: "Night", exercise: "Exercise", symptoms: "Symptoms", other: "Other",
    },
  },
  ask: {
    look: "Look again and tap the same one.", meant: (typed, other) => `${typed}? Did the meter show ${other}?`,
    large: (typed, unit) => `${typed} is very large. Does the meter say ${unit}?`, small: (typed, unit) => `${typed} is very small. Does the meter say ${unit}?`,
    sure: (typed) => `Did the meter really show ${typed}?`, is: (value) => `It is ${value}`, really: (value) => `It is really ${value}`,
    again: "Neither. Type it again", retype: "Type it again", impossible: (typed) => `No meter shows ${typed}. Please look again.`,
    zero: "That is no glucose value. Please look at the meter again.", unreadable: (typed) => `“${typed}” cannot be read. Please write what the meter shows.`,
    lo: (typed) => `“${typed}”? Did the meter show LO?`, hi: (typed) => `“${typed}”? Did the meter show HI?`, isWord: (word) => `Yes, ${word}`,
  },
  kinds: namesEn.kinds,
  form: {
    when: "When", whenNow: "Now", units: "How many units", unitsUnit: "units", insulinType: "Which kind", basal: "Long-acting", bolus: "With a meal", correction: "Correction", day_total: "Total of the day", product: "Name",
    mealWhich: "Which meal", breakfast: "Breakfast", lunch: "Lunch", supper: "Supper", snack: "Snack", carbs: "Carbohydrate", text: "A few words", minutes: "How long", minutesUnit: "min",
    intensity: "How hard", light: "Light", moderate: "Moderate", hard: "Hard", medicineName: "Name of the medicine", amount: "How much was taken", askedSite: "Did you ask the site", asked: "Asked", notAsked: "Not asked",
    askNote: "Please ask your site before a new medicine.", symptoms: "What is wrong", fever: "Fever", cough: "Cough", diarrhoea: "Diarrhoea", vomiting: "Vomiting", pain: "Pain", jaundice: "Yellow skin", otherSymptom: "Something else",
    temperature: "Temperature", vomitingLong: "Vomiting goes on, medicine does not stay down", yes: "Yes", no: "No", unknown: "Not sure", fromDay: "First day in hospital", toDay: "Last day in hospital", stillIn: "Leave empty while you are still there", why: "Why",
    ketone: "Ketones", note: "Your note", callText: "What it is about", callLead: "The site calls you when they have read it. If it is urgent, call them yourself.", callGo: "Ask the site to call me",
    clock: "What time", day: "Which day", dayLead: "All there was to log today is logged.", dayOpen: (n) => `${n} still open. You can complete the day all the same.`, dayGo: "Complete the day",
    method: "Which method", hormonal: "Hormonal", barrier: "Barrier", abstinence: "Abstinence", hormonalForm: "Which form", agreed: "Was it used as agreed", used: "Yes", notUsed: "No",
    forms: { daily_pill: "Daily pill", weekly_patch: "Weekly patch", monthly_ring: "Monthly ring", three_monthly_injection: "Three-monthly injection", implant_or_coil: "Implant or coil" },
    needNumber: "Please fill in a number, like 6 or 6.5.", needRange: (low, high) => `Please fill in a number from ${low} to ${high}.`, needChoice: "Please choose one.", needText: "Please write a few words.", needDay: "Please choose the day.",
    daysOrder: "The last day is before the first. Please look again.", whichDose: "Which dose?", noDoses: "The site has not planned medicines for you. Log others under “Other medicine”.", takenAt: "Time taken", status: "Was it taken",
    hypoLead: "Write what you remember.", reason: "Why it changes", reasonLabel: "One sentence why", reasons: ["Misread", "Wrong tap", "Wrong time", "Not mine"],
  },
  skip: { forgot: "Forgot", ran_out: "Ran out", side_effects: "Side effects", vomiting: "Vomiting", told_by_site: "Site told me to", other: "Other" },
  low: {
    unlock: "Type your PIN to answer", backToDiary: "Back to the diary", more: "Did anything else happen?", moreGo: "Add", answered: (a) => `You answered: ${a}`,
    someone: "the site", roles: { coordinator: "the coordinator on call", investigator: "the study doctor" }, noEntry: "What to do in a low",
    keepAgain: "Try to save it again", answerFor: (name) => `Answer for ${name}`,
  },
  help: {
    title: "Help", lowNow: "Low glucose now", lowNowLead: "What to do, step by step", card: "Emergency card", cardLead: "Who I am, my medicines, whom to call", callMe: "Ask the site to call me", callMeLead: "When it is not urgent",
    callSite: "Call site", call120: (n) => `Call ${n}`, noPhone: "The number of your site is on your study card.", urgent: "If it is urgent, call. Do not wait.",
  },
  card: {
    title: "Emergency card", lead: "For the person helping", who: "Number", condition: "I have type 1 diabetes.", transplanted: (days) => `Islet transplant: ${days}`, low: "My blood sugar may be low. I take medicines against rejection.", medicines: "My medicines", noMedicines: "Ask the site for the list", call: "Please call",
    name: "My name", nameHint: "Kept on this phone only.", contact: "Phone of my family", edit: "Fill in name and phone", study: "Study", language: "显示中文",
  },
  diary: {
    title: "Diary", filter: "What to see", all: "All", glucose: "Glucose", medicine: "Medicine", attend: (n) => `To look at ${n}`, empty: "Nothing is logged here yet.", earlier: "See earlier days", noEarlier: "This is the beginning.",
    nothingToDo: "Nothing to look at.", waiting: "Waiting", waitingNote: "It goes by itself once there is a network.", unkept: "Not saved", corrected: "Corrected", versions: "See the versions", was: "It was", withdrawn: "Withdrawn", held: "Waits for the site",
    heldNote: (days) => `Logged ${days} day${s(days)} late. It is safe. It counts once the site has seen it.`, refused: "Not taken", conflict: "Two answers", review: "Under review",
    conflictNote: "The site already has another answer. Please look which is right.", refusedNote: "Please look and log it again.", reread: "No, type again", self: "You", guardian: "Guardian", otherGuardian: "Another guardian", child: "The child", staff: "The site",
    changedBy: (when, who, why) => `${when} ${who}: “${why}”`, withdrawnBy: (when, who, why) => `${when} ${who}: “${why}”`,
  },
  entry: {
    title: "This entry", correct: "Correct", withdraw: "Withdraw", withdrawTitle: "Withdraw this entry?", withdrawLead: "It can still be seen. Nothing is deleted.", withdrawGo: "Withdraw it", withdrawWhy: "Why it is withdrawn", versions: "Versions", version: (n) => `Version ${n}`,
    now: "In use now", by: "Who", why: "Why", proxy: "Why somebody else wrote it", occurred: "When it happened", recorded: "When it was written", received: "When the site got it", notReceived: "Not yet", value: "What", kept: "Seen. Put it away",
    conflictLead: "This one was not taken, because the site already has another version. Both are below.", conflictDo: "If yours is right, correct the one in use.", refusedLead: "This one was not taken:", refusedDo: "Please log it again as the meter shows it. The site sees this one too.", refusedDoOther: "Please mend it and log it again. The site sees this one as well.",
    heldLead: (days) => `Logged ${days} day${s(days)} late, so it waits for the site. It is safe.`, heldLeadNow: "This one waits for the site. It is safe.", again: "Log it again", reasonUndo: "undo", verdict: "Judged as", gone: "This entry is not here.", is: (w) => `Yes, ${w}`,
    queries: "Questions from the site",
  },
  waiting: {
    title: "What has arrived", allSent: "All of it has arrived.", none: "Nothing waits.", offline: "No network. It goes by itself once there is one.", signIn: "Sign in to send. All you wrote is here.", signInGo: "Sign in", now: "Send now", waits: (n) => `${n} waiting`,
    attend: (n) => `${n} to look at`, unreadable: (n) => `${n} entr${n === 1 ? "y" : "ies"} on this phone cannot be read and ${n === 1 ? "was" : "were"} not sent`, unreadableDo: "The site does not have it. Log again what you remember, and tell the site by phone. What cannot be read stays on this phone.", lastSent: (t) => `Last sent: ${t}`, install: "Put the diary on the home screen, so that it is kept.",
  },
};
