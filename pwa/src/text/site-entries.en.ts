import type { entryZh } from "./site-entries.zh-CN.ts";

export const entryEn: typeof entryZh = {
  fields: {
    value: "Value", unit: "Unit", context: "When in the day", sample: "Sample", device: "Measured with", confirmed: "Looked at again", other_person: "Another person's blood", relabelled: "Was marked wrongly", meter_serial: "Serial of the meter", sequence: "Meter's own number", raw: "Meter's raw record", text: "Note",
    reading_id: "Its reading", could_self_treat: "Could have treated it alone", helped_by: "Helped by", symptoms: "Symptoms", lost_consciousness: "Lost consciousness", seizure: "Seizure", treatment: "Treated with", ended_at: "Over at",
    units: "Units", type: "Kind of insulin", product: "Product", meal: "Meal", carbs_g: "Carbohydrate", minutes: "How long", intensity: "Intensity", schedule_id: "Schedule", due_day: "Due on", slot: "Due at", status: "Taken or skipped", taken_at: "Taken at", skip_reason: "Why skipped",
    name: "Name", amount: "Amount", asked_site: "Asked the site", method: "Method", form: "Form", used_as_agreed: "Used as agreed", temperature_c: "Temperature", persistent_vomiting: "Vomiting goes on", from_day: "First day in hospital", to_day: "Last day in hospital", why: "Why", day: "Day",
    test: "Test", drawn_at: "Drawn at", last_dose_at: "Last dose before it", result: "Result", specimen: "Specimen", visit: "Visit", fertility: "Fertility", agent: "Agent", route: "Route", given_at: "Given at", kg: "Weight", basis: "Basis", source: "Source", how: "How", reached: "Reached", spoke_to: "Spoke to",
    occurred_at: "When it happened",
  },
  choices: {
    yes: "Yes", no: "No", unknown: "Unknown", fasting: "Fasting", before_breakfast: "Before breakfast", after_breakfast: "After breakfast", before_lunch: "Before lunch", after_lunch: "After lunch", before_supper: "Before supper", after_supper: "After supper", bedtime: "Bedtime", night: "Night", exercise: "Exercise", symptoms: "Symptoms", other: "Other",
    capillary: "Capillary", venous: "Venous", control: "Control solution", meter: "Meter", cgm: "Sensor", lab: "Laboratory", nobody: "Nobody", family: "Family", paramedic: "Paramedic", hospital: "Hospital", food: "Food", glucose_gel: "Glucose gel", glucagon: "Glucagon", iv_glucose: "IV glucose",
    basal: "Basal", bolus: "Bolus", correction: "Correction", day_total: "Day total", breakfast: "Breakfast", lunch: "Lunch", supper: "Supper", snack: "Snack", light: "Light", moderate: "Moderate", hard: "Hard", taken: "Taken", skipped: "Skipped", forgot: "Forgot", ran_out: "Ran out", side_effects: "Side effects", vomiting: "Vomiting", told_by_site: "Told by the site",
    hormonal: "Hormonal", barrier: "Barrier", abstinence: "Abstinence", negative: "Negative", positive: "Positive", unclear: "Unclear", urine: "Urine", serum: "Serum", fertile: "Fertile", not_fertile: "Not fertile", value: "By value", assistance: "Needed help", both: "Both", call: "Call", message: "Message", visit: "Visit", participant: "The participant", guardian: "Guardian", relative: "Relative", "mmol/L": "mmol/L", "mg/dL": "mg/dL",
  },
  labs: { hba1c: "HbA1c", c_peptide: "C-peptide", trough: "Trough level", cgm_tir: "Sensor time in range", creatinine: "Creatinine", alt: "ALT" },
  symptoms: { fever: "fever", cough: "cough", diarrhoea: "diarrhoea", vomiting: "vomiting", pain: "pain", jaundice: "yellow skin", shaky: "shaky", sweating: "sweating", hungry: "hungry", headache: "headache", confused: "confused", tired: "tired", pale: "pale" },
  units: { units: "U", carbs_g: "g", minutes: "min", temperature_c: "°C", kg: "kg" },
  selfTreat: { yes: "treated it alone", no: "could not treat it alone", unknown: "unknown whether treated alone" }, helpedBy: (who) => `helped by: ${who}`, lostConsciousness: "lost consciousness", seizure: "seizure", askedSite: { yes: "asked the site", no: "did not ask the site" }, otherPerson: "another person's blood", control: "control solution", relabelled: "was marked wrongly", reached: { yes: "reached", no: "not reached" }, used: { yes: "used as agreed", no: "not used as agreed", unknown: "unknown whether used as agreed" }, vomiting: "vomiting goes on", until: "to", stillIn: "still in hospital",
};
