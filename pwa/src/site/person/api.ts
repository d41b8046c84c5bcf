/** What the participant's page asks the server for: figures, windows, deliveries, templates. */
import type { components } from "../../api/openapi.d.ts";
import type { Call } from "../../api/client.ts";
import type { Entry, EntryPage } from "../api.ts";
import { daysPath, heldPath, participantPath, query, spanPath, windowsPath, type Span } from "../paths.ts";

export type { Span } from "../paths.ts";

type Schemas = components["schemas"];
export type Summary = Schemas["SummaryAnswer"];
export type DayFigures = Schemas["DaySummaryAnswer"];
export type Adherence = Schemas["AdherenceAnswer"];
export type Medication = Schemas["MedicationAnswer"];
export type DayShares = Schemas["DayShares"];
export type Share = Schemas["ShareAnswer"];
export type Window = Schemas["WindowAnswer"];
export type Concordance = Schemas["ConcordanceAnswer"];
export type Pair = Schemas["PairAnswer"];
export type Severe = Schemas["SevereAnswer"];
export type SevereEvent = Schemas["SevereEventAnswer"];
export type Delivery = Schemas["DeliveryAnswer"];
export type DeliveryPage = Schemas["DeliveryPage"];
export type Reach = Schemas["Reachability"];
export type Template = Schemas["TemplateAnswer"];
export type Contraception = Schemas["ContraceptionAnswer"];
export type ZoneChange = Schemas["SiteZoneChange"];
export type VisitPlan = Schemas["VisitPlan"];
export type Visit = Schemas["VisitAnswer"];
export type WindowKind = Window["kind"];

/** One function per operation, named like it. */
export function personApi(call: Call, id: string) {
  const of = participantPath(id);
  const get = <T>(path: string): Promise<T> => call("GET", path) as Promise<T>;
  return {
    getSummary: (span: Span) => get<Summary>(`${of}/summary${query({ ...span })}`),
    listDays: async (span: Span) => (await get<Schemas["DaysAnswer"]>(daysPath(id, span))).days,
    getAdherence: (span: Span) => get<Adherence>(`${of}/adherence${query({ ...span })}`),
    listWindows: async (span: Span, kind: WindowKind) =>
      (await get<Adherence>(windowsPath(id, span, kind))).windows,
    getConcordance: (span: Span) => get<Concordance>(`${of}/concordance${query({ ...span })}`),
    listSevereEvents: () => get<Severe>(`${of}/severe-events`),
    getReachability: () => get<Reach>(`${of}/reachability`),
    listDeliveries: (before?: string) => get<DeliveryPage>(`${of}/deliveries${query({ before, limit: 50 })}`),
    listVisits: () => get<VisitPlan>(`${of}/visits`),
    planVisit: (body: Schemas["PlanVisitBody"]) => call("POST", `${of}/visits`, body) as Promise<VisitPlan>,
    cancelVisit: (planned: string, reason: string) => call("POST", `${of}/visits/${planned}/cancel`, { reason }) as Promise<VisitPlan>,
    getContraception: () => get<Contraception>(`${of}/contraception`),
    /** All of a span, newest first, however many pages that is. */
    listSpan: async (span: Span, kind = ""): Promise<Entry[]> => {
      const entries: Entry[] = [];
      let before: string | undefined;
      do {
        const page: EntryPage = await get(spanPath(id, span, kind, before));
        entries.push(...page.entries);
        before = page.next ?? undefined;
      } while (before !== undefined);
      return entries;
    },
    listHeld: async () => (await get<EntryPage>(heldPath(id))).entries,
    listScheduleTemplates: async () => (await get<Schemas["TemplateList"]>("/api/site/schedule-templates")).templates,
    listZoneChanges: async () => (await get<Schemas["ZoneChangeList"]>("/api/site/zone-changes")).zone_changes.filter((one) => one.participant_id === id),
    decideZoneChange: (changeId: string, decision: "applied" | "refused", reason: string) =>
      call("POST", `/api/site/zone-changes/${changeId}/decide`, { decision, reason }) as Promise<ZoneChange>,
  };
}
export type PersonApi = ReturnType<typeof personApi>;
