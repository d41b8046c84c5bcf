/** Who is signed in, as `getMe` answers it. */
import type { Unit } from "./types.ts";

export interface Participant {
  id: string;
  subject_no: string;
  name: string | null;
  display_unit: Unit;
  zone: string;
  treated_by_carer: boolean;
  is_child: boolean;
  transplant_days: string[];
  contraception: boolean;
  /** Where the person last said to be, and what came of it; an older server does not say. */
  zone_change?: { zone: string; state: "waiting" | "applied" | "refused" } | null;
}

export interface Me {
  account: { id: string; login: string; role: string; language: string; name: string | null };
  participants: Participant[];
}
