import type { ReminderWords } from "./reminders.zh-CN.ts";

export const en: ReminderWords = {
  offer: { title: "Shall the diary remind you?", lead: "A short note at the times your site planned. Nobody can read from it what it is about.", go: "Set it up" },
  travel: {
    title: (place) => `You seem to be in ${place}. Move your reminders?`, titleChild: (place, who) => `You seem to be in ${place}. Is ${who} there as well? Move the reminders?`, lead: (usual) => `They go by the clock of ${usual} now.`,
    move: "Move them", stay: "Leave them", moved: (place) => `Your reminders go by the clock of ${place}.`, waiting: "Your site looks at the new times first, so that the medicine keeps its distance.", until: (usual) => `Until then your reminders go by the clock of ${usual}.`,
    refused: "Your site has looked: the reminders stay as they are.", stays: (usual) => `They go on by the clock of ${usual}. For when to take your medicine, ask your site.`,
  },
  title: "Reminders",
  lead: "At the times your site planned, the phone shows a short note. It names no study, no medicine and no topic.",
  sample: "What a lock screen shows",
  state: {
    on: "On for this phone", off: "Off for this phone", denied: "Notifications are switched off for the diary", install_first: "First put the diary on the home screen",
    open_in_browser: "First open the diary in a browser", unable: "This browser cannot take reminders", unproved: "Reminders cannot reach this phone",
  },
  turnOn: "Turn on reminders", turningOn: "Turning on", turnOff: "Turn off",
  askFirst: "The phone asks next whether the diary may send notifications. Please allow it.",
  steps: {
    install_first: ["Open this page in Safari.", "Tap the Share button.", "Tap Add to Home Screen.", "Open the diary from the home screen and come back here."],
    open_in_browser: ["Tap the three dots in the corner.", "Tap Open in browser.", "Sign in there and come back here."],
    denied: ["Open the settings of the phone.", "Find Notifications, then this browser or the diary.", "Allow notifications, then come back here."],
  },
  unable: "Reminders by notification do not work in this browser. The calendar below rings all the same.",
  unproved: "The phone's push service did not answer within 8 seconds. On phones without Google services that is usual. Please use the calendar below.",
  notSending: "The diary's server does not send notifications yet. Please tell your site, and use the calendar below.",
  others: "Reminders also go to", way: { message: "Message", sms: "SMS" }, phones: (n) => (n === 1 ? "One phone is reminded" : `${n} phones are reminded`),
  test: {
    title: "Test my reminders", lead: "The diary sends a test to you, the way a reminder goes.", go: "Send a test", going: "Testing", again: "Test again",
    steps: { allowed: "Allowed on this phone", subscribed: "This phone is known to the server", handed_over: "Handed to the push service", received: "Arrived on this phone", shown: "Shown" },
    word: { done: "Done", wait: "Waiting", broken: "Stops here", later: "Not yet" },
    fine: "All steps work. Reminders reach this phone.",
    breaks: {
      allowed: "Allow notifications first, as above.",
      subscribed: "The phone has no connection to its push service. Turn reminders on again, or use the calendar.",
      handed_over: "The server could not hand it over. Try again in a while. If it stays so, tell your site.",
      received: "The push service took it, but it has not arrived. Look at the network, and at battery saving for the browser. If it stays so, use the calendar.",
      shown: "It arrived, but was not shown. Look at the notification settings of the phone.",
    },
  },
  calendar: {
    title: "Calendar", lead: "Put the times into the phone's calendar. It rings without a network too.", recommended: "Recommended for this phone", file: "Get the calendar file", fileLead: "Import it once. When the site changes your times, get it again.",
    feedTitle: "A calendar that follows", feedLead: "Whoever has this secret address sees the times, and nothing else. Some calendars do not ring for it, and they look for news late.",
    make: "Make an address", copy: "Copy the address", copied: "Copied.", revoke: "End the address", revoked: "The address no longer works.", live: (day) => `An address has been in use since ${day}.`, read: (when) => `A calendar last read it: ${when}.`, unread: "No calendar has read it yet.",
    once: "The address is shown only now. Copy it into your calendar.", anew: "Make a new address",
  },
  question: {
    title: "A question from the site", closed: "This question is closed.", gone: "This question is not here.", about: "It is about", seeEntry: "See the entry", right: "It is right as written", correct: "It was wrong: correct it", own: "Your answer", send: "Send the answer",
    sent: "Your answer is with the site.", waits: "Your answer is kept on this phone. It goes when there is a network.", needText: "Please write a few words.", you: "You", site: "The site", answered: "Answered",
    rightText: "It is right as written.",
  },
};
