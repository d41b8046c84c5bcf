/**
 * Holds the phone's own types to the server's document (openapi.d.ts): what the server answers must fit what
 * the phone reads, and what the phone sends must be what the server takes. There is nothing here at run time.
 */
import type { Schedule } from "../rules/schedules.ts";
import type { Version } from "../store/threads.ts";
import type { AlertState, Question, SetAside } from "../sync/pull.ts";
import type { Me } from "./account.ts";
import type { Feed, PushState, Test } from "./push.ts";
import type { components } from "./openapi.d.ts";
import type { Study } from "./study.ts";
import type { DataByKind, Entry, EntryResult, ReadingData } from "./types.ts";

type Document = components["schemas"];
type Fits<Given extends Wanted, Wanted> = [Given, Wanted];
/** An optional field may be left out or be null, and says as little either way. */
type Loose<T> = { [K in keyof T]?: T[K] | null | undefined };

export type Answers = [
  Fits<Document["MeAnswer"], Me>,
  Fits<Document["StudyAnswer"], Study>,
  Fits<Document["ResultAnswer"], EntryResult>,
  Fits<Document["PhoneScheduleAnswer"], Schedule>,
  Fits<Document["PhoneAlertAnswer"], AlertState>,
  Fits<Document["RefusalAnswer"], SetAside>,
  Fits<Document["QueryAnswer"], Question>,
  Fits<Document["PushAnswer"], PushState>,
  Fits<Document["TrialAnswer"], Test>,
  Fits<Document["FeedState"], Feed>,
  Fits<Document["EntryAnswer"], Omit<Version, "data">>,
];

export type Sends = [
  Fits<ReadingData, Loose<Document["ReadingBody"]>>,
  Fits<DataByKind["hypo_event"], Loose<Document["HypoEventBody"]>>,
  Fits<DataByKind["insulin"], Loose<Document["InsulinBody"]>>,
  Fits<DataByKind["meal"], Loose<Document["MealBody"]>>,
  Fits<DataByKind["exercise"], Loose<Document["ExerciseBody"]>>,
  Fits<DataByKind["dose"], Loose<Document["DoseBody"]>>,
  Fits<DataByKind["blood_draw"], Loose<Document["BloodDrawBody"]>>,
  Fits<DataByKind["other_medicine"], Loose<Document["OtherMedicineBody"]>>,
  Fits<DataByKind["contraception"], Loose<Document["ContraceptionBody"]>>,
  Fits<DataByKind["illness"], Loose<Document["IllnessBody"]>>,
  Fits<DataByKind["hospital_stay"], Loose<Document["HospitalStayBody"]>>,
  Fits<DataByKind["ketone"], Loose<Document["KetoneBody"]>>,
  Fits<DataByKind["note"], Loose<Document["NoteBody"]>>,
  Fits<DataByKind["day_complete"], Loose<Document["DayCompleteBody"]>>,
  Fits<DataByKind["call_me"], Loose<Document["CallMeBody"]>>,
  Fits<Omit<Entry, "data" | "kind">, Loose<Omit<Document["ReadingEntry"], "data" | "kind">>>,
];
