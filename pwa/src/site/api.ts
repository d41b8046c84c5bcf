/** The desk's side of the contract; every type comes from the OpenAPI document. */
import type { Call } from "../api/client.ts";
import type { components } from "../api/openapi.d.ts";
import { ME, PARTICIPANTS, participantPath, query } from "./paths.ts";

type Schemas = components["schemas"];
export type Me = Schemas["MeAnswer"];
export type Action = Me["account"]["may"][number];
export type Role = Me["account"]["role"];
export type Alert = Schemas["AlertAnswer"];
export type AlertPage = Schemas["AlertPage"];
export type AlertEntry = Alert["entries"][number];
export type Row = Schemas["OverviewRow"];
export type Detail = Schemas["ParticipantDetail"];
export type Entry = Schemas["EntryAnswer"];
export type Version = Schemas["VersionAnswer"];
export type Refused = Schemas["RefusalAnswer"];
export type EntryResult = Schemas["ResultAnswer"];
export type Schedule = Schemas["ScheduleAnswer"];
export type NewSchedule = Schemas["ScheduleBody"];
export type Session = Schemas["SessionAnswer"];
export type AuditRow = Schemas["AuditRow"];
export type AuditPerson = Schemas["AuditPerson"];
export type AuditPage = Schemas["AuditPage"];
export type EntryPage = Schemas["EntryPage"];
export type RefusalPage = Schemas["RefusalPage"];
export type Code = Schemas["CodeAnswer"];
export type Account = Schemas["AccountRow"];
export type Invitation = Schemas["InvitationAnswer"];
export type Site = Schemas["SiteAnswer"];
export type SecondFactor = Schemas["SecondFactorAnswer"];
export type Enrolment = Schemas["EnrolParticipantBody"];
export type GuardianBody = Schemas["GuardianBody"];
export type ParticipantChange = Schemas["UpdateParticipantBody"];
export type ConsentBody = Schemas["ConsentBody"];
export type StaffEntry = { entry: Record<string, unknown>; source_note?: string };
export type Query = Schemas["QueryAnswer"];
export type Telephone = Schemas["CallAnswer"];
export type CallOutcome = Schemas["CallOutcome"];
export type Roster = Schemas["RosterAnswer"];
export type RosterChange = Schemas["RosterBody"];
export type Channel = Schemas["ChannelAnswer"];
export type ChannelList = Schemas["ChannelList"];
export type Problems = Schemas["ProblemList"];
export type Sae = "yes" | "no" | "undecided";

export interface EntriesQuery {
  from?: string;
  to?: string;
  kind?: string;
  held?: boolean;
  before?: string;
  limit?: number;
}

/** One function per operation, named like it. */
export function makeApi(call: Call) {
  const site = "/api/site";
  const of = participantPath;
  const get = <T>(path: string): Promise<T> => call("GET", path) as Promise<T>;
  const post = <T>(path: string, body?: unknown): Promise<T> => call("POST", path, body) as Promise<T>;
  const patch = <T>(path: string, body: unknown): Promise<T> => call("PATCH", path, body) as Promise<T>;
  return {
    getMe: () => get<Me>(ME),
    updateMe: (language: string) => patch<Me>(ME, { language }),
    startSecondFactor: () => post<SecondFactor>("/api/me/second-factor"),
    confirmSecondFactor: (totp: string) => post<Me>("/api/me/second-factor/confirm", { totp }),

    listParticipants: async () => (await get<Schemas["Overview"]>(PARTICIPANTS)).participants,
    getParticipant: (id: string) => get<Detail>(of(id)),
    enrolParticipant: (body: Enrolment) => post<Detail>(PARTICIPANTS, body),
    updateParticipant: (id: string, body: ParticipantChange) => patch<Detail>(of(id), body),
    issueActivationCode: (id: string, guardianId?: string) =>
      post<Code>(`${of(id)}/activation-codes`, guardianId === undefined ? {} : { guardian_id: guardianId }),
    recordConsent: (id: string, body: ConsentBody) => post<Detail>(`${of(id)}/consents`, body),
    addGuardian: (id: string, body: GuardianBody) => post<Detail>(`${of(id)}/guardians`, body),
    endGuardian: (id: string, account: string, reason: string) => post<Detail>(`${of(id)}/guardians/${account}/end`, { reason }),
    assignMeter: (id: string, body: { serial: string; model?: string }) => post<Detail>(`${of(id)}/meters`, body),
    listSessions: async (id: string) => (await get<Schemas["SessionList"]>(`${of(id)}/sessions`)).sessions,
    revokeSession: (id: string, session: string, reason: string) => post<null>(`${of(id)}/sessions/${session}/revoke`, { reason }),

    listSchedules: async (id: string) => (await get<Schemas["ScheduleList"]>(`${of(id)}/schedules`)).schedules,
    setSchedule: (id: string, body: NewSchedule) => post<Schedule>(`${of(id)}/schedules`, body),
    endSchedule: (id: string, schedule: string, body: { reason: string; to_day?: string }) =>
      post<Schedule>(`${of(id)}/schedules/${schedule}/end`, body),

    listEntries: (id: string, q: EntriesQuery) => get<EntryPage>(`${of(id)}/entries${query({ ...q })}`),
    listRefusals: (id: string, before?: string) => get<RefusalPage>(`${of(id)}/refusals${query({ before })}`),
    getEntryHistory: async (id: string, entry: string) => (await get<Schemas["HistoryAnswer"]>(`${of(id)}/entries/${entry}/history`)).versions,
    addStaffEntry: (id: string, body: StaffEntry) => post<EntryResult>(`${of(id)}/entries`, body),
    correctEntry: (id: string, entry: string, body: StaffEntry) => post<EntryResult>(`${of(id)}/entries/${entry}/correct`, body),
    acceptHeldEntry: async (id: string, entry: string, note: string) =>
      (await post<Schemas["HistoryAnswer"]>(`${of(id)}/entries/${entry}/accept`, { source_note: note })).versions,

    listAlerts: (q: { state?: string; sae?: Sae; participant_id?: string; before?: string; limit?: number }) =>
      get<AlertPage>(`${site}/alerts${query(q)}`),
    seeAlerts: (ids: string[]) => post<null>(`${site}/alerts/seen`, { ids }),
    acknowledgeAlert: (id: string) => post<Alert>(`${site}/alerts/${id}/acknowledge`),
    resolveAlert: (id: string, resolution: string, sae: Sae | null) =>
      post<Alert>(`${site}/alerts/${id}/resolve`, { resolution, ...(sae === null ? {} : { sae }) }),
    decideSae: (id: string, sae: Sae, reason: string) => post<Alert>(`${site}/alerts/${id}/sae`, { sae, reason }),
    listQueries: async (q: { participant_id?: string; state?: Query["state"] }) =>
      (await get<Schemas["QueryList"]>(`${site}/queries${query(q)}`)).queries,
    raiseQuery: (id: string, body: Schemas["RaiseQueryBody"]) => post<Query>(`${of(id)}/queries`, body),
    answerQuery: (id: string, text: string) => post<Query>(`${site}/queries/${id}/answer`, { text }),
    /** `seen`: how many messages were read, so that none is closed over. */
    closeQuery: (id: string, text: string, seen: number) => post<Query>(`${site}/queries/${id}/close`, { text, seen }),
    listCalls: async () => (await get<Schemas["CallList"]>(`${site}/calls`)).calls,
    closeCall: (id: string, body: CallOutcome) => post<null>(`${site}/calls/${id}/close`, body),
    getRoster: (from?: string, to?: string) => get<Roster>(`${site}/roster${query({ from, to })}`),
    setRoster: (body: RosterChange) => call("PUT", `${site}/roster`, body) as Promise<Roster>,
    myChannels: (zone: "site" | "admin") => {
      const mine = `/api/${zone}/my-channels`;
      return {
        list: () => get<ChannelList>(mine),
        add: (body: { name: string; address: string }) => post<Channel>(mine, body),
        test: (id: string) => post<null>(`${mine}/${id}/test`),
        confirm: (id: string, code: string) => post<Channel>(`${mine}/${id}/confirm`, { code }),
        end: (id: string) => post<null>(`${mine}/${id}/end`),
      };
    },
    listAudit: (q: { object_id?: string; before?: string; limit?: number }) => get<AuditPage>(`${site}/audit${query(q)}`),

    listAccounts: async () => (await get<Schemas["AccountList"]>("/api/admin/accounts")).accounts,
    createAccount: (body: Schemas["CreateAccountBody"]) => post<Invitation>("/api/admin/accounts", body),
    updateAccount: (id: string, body: Schemas["UpdateAccountBody"]) => patch<Account>(`/api/admin/accounts/${id}`, body),
    issueAccountCode: (id: string) => post<Invitation>(`/api/admin/accounts/${id}/activation-codes`),
    closeAccount: (id: string, reason: string) => post<Account>(`/api/admin/accounts/${id}/close`, { reason }),
    resetSecondFactor: (id: string, reason: string) => post<Account>(`/api/admin/accounts/${id}/second-factor/reset`, { reason }),
    listProblems: () => get<Problems>("/api/admin/problems"),
    closeProblem: (id: string) => post<Problems["problems"][number]>(`/api/admin/problems/${id}/close`),
    resumePushHost: (host: string) => post<null>("/api/admin/push-hosts/resume", { host }),
    setPhonesAside: (host: string, phone_ids: string[]) => post<null>("/api/admin/push-hosts/set-aside", { host, phone_ids }),
    listSites: async () => (await get<Schemas["SiteList"]>("/api/admin/sites")).sites,
    createSite: (body: Schemas["SiteBody"]) => post<Site>("/api/admin/sites", body),
  };
}
export type Api = ReturnType<typeof makeApi>;
