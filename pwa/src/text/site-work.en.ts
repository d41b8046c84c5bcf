import type { workZh } from "./site-work.zh-CN.ts";

const s = (n: number): string => (n === 1 ? "" : "s");

export const workEn: typeof workZh = {
  needs: {
    pages: (n) => `${n} page alert${s(n)} not resolved.`, deskAlerts: (n) => `${n} desk alert${s(n)} not resolved.`,
    unreachable: "No channel reached anybody.", silent: (days) => `Nothing received for ${days} days.`, neverHeard: (days) => `Taken in ${days} days ago, nothing received yet.`,
    attestation: "Contraception attestation overdue.", refused: (n) => `${n} entr${n === 1 ? "y was" : "ies were"} not taken in the last 7 days.`, measured: { reading: "Readings", dose: "Doses", diary: "Diary" },
    falling: (what, from, to) => `${what} falling: ${from} % to ${to} %.`, low: (what, pct) => `${what}: only ${pct} % done.`,
    visit: { in_window: (name, day) => `${name} may be held now, planned ${day}.`, due: (name, day) => `${name} is due, until ${day} at the latest.`, overdue: (name, day) => `${name} overdue: it was to be held by ${day}.` }, review: "Fertility was not reviewed at the last visit.",
    overdue: (n) => `${n} quer${n === 1 ? "y" : "ies"} overdue.`, queries: (n) => `${n} open quer${n === 1 ? "y" : "ies"}.`,
    filters: { all: "All", alerts: "Alerts", unreachable: "Unreachable", falling: "Falling", held: "Held, refused", queries: "Queries", visits: "Visits" },
    groups: { now: "Now", today: "Today", week: "This week", nothing: "Nothing open" }, notes: { now: "open pages", today: "unreachable, desk alerts, to review, acknowledged but not resolved", week: "adherence, queries, visits", nothing: "" },
    spark: "14 days, daily mean", readings: "Readings, 14 d", doses: "Doses, 14 d", diary: "Diary", heard: "Last heard", of: (done, due) => `${done} of ${due}`, ofDays: (due) => `of ${due} days`, down: (points) => `down ${points}`, noneSet: "none set",
    windows: (what, subject) => `${what} of ${subject}: see each window`,
    sparkAlt: (readings, days, without, severe) => `14 days: ${readings} reading${s(readings)} on ${days} day${s(days)}, ${without} day${s(without)} without; ${severe === 0 ? "no severe low" : `${severe} severe low${s(severe)}`}.`,
    sparkKey: "Dot: mean of the day, log scale 2 to 22 mmol/L, pale band 3.9 to 10.0. Diamond: a severe low. Short bar at the foot: no reading.",
    others: (n) => `${n} more reason${s(n)}`, more: (n) => `Show ${n} more`, call: "Call", toQueries: "Queries", shown: (n, all) => `${n} of ${all}`,
  },
  duty: {
    now: (names) => `On call today: ${names}`, until: (day) => `hands over ${day}`, next: (day, names) => `from ${day}: ${names}`, nextNobody: (day) => `from ${day}: nobody`, nobody: "Nobody is on call today: a page would reach nobody.", untested: (names) => `No tested channel for ${names}: a page may not arrive.`, toRoster: "Set the roster", and: ", ",
  },
  inbox: {
    by: (name) => `by ${name}`, rounds: (n, last) => `Paged ${n === 1 ? "once" : `${n} times`}, last ${last}`, delivered: (at) => `delivered ${at}`, notDelivered: "no receipt yet", notSent: "Not paged yet",
    sae: (left) => `SAE clock: ${left} left`, saeOver: (over) => `SAE clock: over by ${over}`, saeStarts: "The 24 h SAE clock starts when somebody sees it",
    soundOn: "Sound: on", soundOff: "Sound: off", soundTry: "Listen", live: "Updates by itself",
  },
  queries: {
    title: "Queries", none: "No query is open.", noneClosed: "No query has been closed.", filters: { due: "Not closed", closed: "Closed" }, states: { open: "waits for an answer", answered: "answered, to be closed", closed: "closed" }, due: (day) => `due ${day}`, overdue: (days) => `${days} day${s(days)} overdue`, dueToday: "due today", about: "About", seeEntry: "See the entry", you: "You",
    answer: "Answer", answerTitle: (subject) => `Answer the query of ${subject}`, answerLabel: "Answer", answered: "Answered", close: "Close query", closeTitle: (subject) => `Close the query of ${subject}`, closeLabel: "How it was settled", closeHint: "One sentence. It stays with your name and the time.", closed: "Closed",
    raise: "Query", raiseTitle: "Ask about this entry", raiseLead: "The participant sees it on the phone, beside this entry. Please keep it short and kind.", question: "What do you want to know", field: "Which part", whole: "The whole entry", dueDay: "Answer wanted by", raised: "Asked", ofEntry: "Queries about this entry", count: (n) => `${n} quer${n === 1 ? "y" : "ies"} not closed`, of: (subject) => `Only ${subject}`, everybody: "Show all",
  },
  calls: {
    title: "Call list", lead: "Those whom no reminder reached by any channel. Please call, and write down what came of it.", none: "Nobody is to be called.", since: (age) => `Not reached for ${age}`, about: { reminder: "A reminder did not arrive", recheck: "No re-check after a low", blood_draw: "No blood draw in time" }, last: (ago) => `Last heard ${ago}`, never: "nothing received yet", noPhone: "no number on record", hiddenPhone: "Your account sees neither names nor numbers",
    dial: (phone) => `Call ${phone}`, called: "Called", outcomeTitle: (subject) => `Call for ${subject}`, outcome: "What came of it", outcomes: { spoke: "Spoke to them", no_answer: "No answer", reached_otherwise: "Reached another way" }, note: "What was said", saved: "Written down", needOutcome: "Please choose what came of it.", log: "Contacts", noLog: "No contact is on record.",
    contactTitle: (subject) => `Contact ${subject}`, whom: "Spoke to", reached: "Reached", yes: "Reached", no: "Not reached", people: "Numbers", count: (n) => `${n} call${s(n)} to make`,
  },
  roster: {
    title: "Roster", lead: "Tap a name to put it on call or to take it off. Pages go by this table.", empty: "Nobody", emptyDays: (n) => `${n} day${s(n)} of these two weeks ha${n === 1 ? "s" : "ve"} nobody on call.`, untested: "untested", tested: "tested", noChannel: "no channel", on: (name, day) => `${name}, ${day}`, changed: "Somebody changed the roster just now. It is shown anew; please tap again.", saved: "Set", previous: "Two weeks back", next: "Two weeks on", thisWeek: "Back to today",
    fill: "Set many days", fillTitle: "Set many days", weekdays: "On which days", weekdayNames: { mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun" }, people: "Who is on call", peopleHint: "It takes the place of what stood there. Choose nobody to leave the days empty.", people1: "People and channels", past: "past", noStaff: "There is no account of a coordinator or investigator yet.", readOnly: "Your account may only look.",
  },
  channels: {
    title: "How a page reaches me", lead: "Being on call needs one tested channel. The whole message is “URGENT: open the desk”.", none: "No channel yet: a page would not reach you.", name: "Channel", address: "Address", addressHint: "An e-mail address, or the key that the service gave you.", add: "Add a channel", added: "Added. Please test it.", test: "Send a code", sent: "On its way. Please type its 6 digits within 30 minutes.", code: "The 6 digits that arrived", confirm: "Confirm", confirmed: "It works", testedAt: (at) => `tested ${at}`, notTested: "not tested yet", end: "Stop using it", endTitle: (address) => `Send nothing to ${address} any more?`, ended: "Stopped", noNames: "No message service is set up yet. Please ask the administrator.",
    operator: { title: "How word of a fault reaches me", lead: "When messages cannot go out, every administrator is told once. That needs one tested channel.", none: "No channel yet: word of a fault would not reach you.", noNames: "No message service is set up yet: see DIARY_CHANNELS in the settings." },
    names: { email: "E-mail", sms: "SMS", wecom: "WeCom", dingtalk: "DingTalk", feishu: "Feishu", bark: "Bark", serverchan: "ServerChan" },
  },
  problems: {
    title: "Operation", lead: "Why a message could not go out. Close what you have looked at and mended; if it happens again, it comes back.", none: "Nothing to look at.", kind: "Kind", subject: "Where", detail: "Detail", times: (n) => `${n} time${s(n)}`, last: "last", opened: "first", close: "Mended", closed: (at) => `closed ${at}`, hosts: "Stopped push services", hostsLead: "They do not accept our signature, so sending stopped; the phones' registrations are kept. Go on once the key is right. If it refused only some of the phones there, it is those: set them aside, and the others are reminded again; a phone that is set aside is written to once it has been registered anew.", noHosts: "None is stopped.", resume: "Send again", resumed: "Sending again", stopped: (at) => `stopped ${at}`, status: (n) => `answered ${n}`, refused: (n, of) => `refused ${n} of ${of} phone${s(of)} there`, phone: (id, since, at) => `phone ${id}, registered ${since}, refused ${at}`, setAside: (n) => `Set ${n === 1 ? "this phone" : `these ${n} phones`} aside and send again`, phonesAside: (n) => `${n} phone${s(n)} set aside, sending again`, kinds: { phone_set_aside: "A phone was set aside again", message_refused: "A service did not take a message", push_host_stopped: "A push service is stopped", push_host_silent: "A push service takes nothing", push_subject_missing: "No contact address is set for push", page_unheard: "A page would reach nobody" },
  },
};
