/** What a push message says, and where its tap leads. Nothing in here can fail: every push must show something. */

export interface Message {
  title: string;
  body: string;
  lang: string;
  tag: string;
  /** A path of this origin. */
  navigate: string;
  token: string | null;
}

/** The same neutral words as the server's, for a message that cannot be read. */
const NEUTRAL = {
  zh: { title: "该写日记了", body: "点一下打开", lang: "zh-CN" },
  en: { title: "Time for your diary", body: "Tap to open it", lang: "en" },
};
const HOME = "/#/today";

const textOr = (value: unknown, otherwise: string): string => (typeof value === "string" && value !== "" ? value : otherwise);
const objectOf = (value: unknown): Record<string, unknown> => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {});

/** Only a place of our own is opened, whatever a message says. */
export function placeOf(navigate: unknown, origin: string): string {
  if (typeof navigate !== "string" || !URL.canParse(navigate, origin)) return HOME;
  const url = new URL(navigate, origin);
  return url.origin === origin ? url.pathname + url.search + url.hash : HOME;
}

/** Reads the declarative shape (`web_push: 8030`); what is missing or broken is said in neutral words. */
export function readMessage(text: string | null, languages: readonly string[], origin: string): Message {
  let whole: unknown = null;
  try {
    whole = JSON.parse(text ?? "");
  } catch {
    // Not ours, or cut short: the person is told all the same.
  }
  const said = objectOf(objectOf(whole).notification);
  const token = objectOf(said.data).token;
  const words = languages[0]?.toLowerCase().startsWith("en") === true ? NEUTRAL.en : NEUTRAL.zh;
  const isWhole = typeof said.title === "string" && said.title !== "";
  return {
    title: textOr(said.title, words.title),
    body: isWhole ? textOr(said.body, "") : words.body,
    lang: isWhole ? textOr(said.lang, words.lang) : words.lang,
    tag: textOr(said.tag, "diary"),
    navigate: placeOf(said.navigate, origin),
    token: typeof token === "string" && token !== "" ? token : null,
  };
}
