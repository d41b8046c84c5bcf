/** What both apps call the same: what a value means, and the kinds of entries. */
export const namesZh = {
  marks: {
    lo: "严重低血糖", severe: "严重低血糖", level2: "很低", level1: "低", in_range: "在范围内", high: "高",
    very_high: "很高", hi: "很高", review: "待核对", corrected: "已更正", held: "等医院确认",
  },
  kinds: {
    title: "记什么？", reading: "血糖", insulin: "胰岛素", meal: "吃饭", dose: "吃药", exercise: "运动", hypo_event: "低血糖经过", illness: "生病、体温",
    ketone: "酮体", other_medicine: "其他药", contraception: "避孕", blood_draw: "抽血", hospital_stay: "住院", note: "便条", day_complete: "写完今天", call_me: "请回电话",
    lab: "化验", pregnancy_test: "验孕", visit: "访视", administered_dose: "医院用药", weight: "体重", severe_history: "以前的严重低血糖", contact: "联系",
  } as Record<string, string>,
};
export type Names = typeof namesZh;

export const namesEn: Names = {
  marks: {
    lo: "Severe low", severe: "Severe low", level2: "Very low", level1: "Low", in_range: "In range", high: "High",
    very_high: "Very high", hi: "Very high", review: "Under review", corrected: "Corrected", held: "Waits for the site",
  },
  kinds: {
    title: "What do you want to log?", reading: "Glucose", insulin: "Insulin", meal: "Meal", dose: "Medicine", exercise: "Exercise", hypo_event: "A low, what happened", illness: "Illness, fever",
    ketone: "Ketones", other_medicine: "Other medicine", contraception: "Contraception", blood_draw: "Blood draw", hospital_stay: "Hospital stay", note: "Note", day_complete: "Complete today", call_me: "Call me back",
    lab: "Lab result", pregnancy_test: "Pregnancy test", visit: "Visit", administered_dose: "Given at the site", weight: "Weight", severe_history: "Earlier severe low", contact: "Contact",
  },
};
