/** Names of the fields and choices of entries that the patient app has no words for. */
export const entryZh = {
  fields: {
    value: "数值", unit: "单位", context: "什么时候测的", sample: "样本", device: "用什么测的", confirmed: "已再看一眼", other_person: "别人的血", relabelled: "原来标错了", meter_serial: "血糖仪序列号", sequence: "仪器序号", raw: "仪器原始记录", text: "说明",
    reading_id: "对应的血糖", could_self_treat: "自己能处理吗", helped_by: "谁帮的", symptoms: "症状", lost_consciousness: "失去意识", seizure: "抽搐", treatment: "怎么处理的", ended_at: "什么时候好的",
    units: "单位数", type: "哪一种", product: "药名", meal: "哪一餐", carbs_g: "碳水", minutes: "时长", intensity: "强度", schedule_id: "计划", due_day: "应服日", slot: "应服时间", status: "吃了吗", taken_at: "服药时间", skip_reason: "为什么没吃",
    name: "名称", amount: "用量", asked_site: "问过医院吗", method: "方法", form: "剂型", used_as_agreed: "按约定用了吗", temperature_c: "体温", persistent_vomiting: "一直吐", from_day: "住院第一天", to_day: "住院最后一天", why: "原因", day: "日期",
    test: "检验项目", drawn_at: "抽血时间", last_dose_at: "上一次服药时间", result: "结果", specimen: "标本", visit: "访视", fertility: "生育能力", agent: "药物", route: "途径", given_at: "给药时间", kg: "体重", basis: "依据", source: "来源", how: "方式", reached: "找到本人了吗", spoke_to: "和谁说的",
    occurred_at: "发生时间",
  },
  choices: {
    yes: "是", no: "否", unknown: "不清楚", fasting: "空腹", before_breakfast: "早餐前", after_breakfast: "早餐后", before_lunch: "午餐前", after_lunch: "午餐后", before_supper: "晚餐前", after_supper: "晚餐后", bedtime: "睡前", night: "夜里", exercise: "运动", symptoms: "不舒服", other: "其他",
    capillary: "指血", venous: "静脉血", control: "质控液", meter: "血糖仪", cgm: "动态血糖", lab: "化验室", nobody: "没有人", family: "家人", paramedic: "急救人员", hospital: "医院", food: "吃东西", glucose_gel: "葡萄糖凝胶", glucagon: "胰高血糖素", iv_glucose: "静脉葡萄糖",
    basal: "基础", bolus: "餐前", correction: "纠正", day_total: "一天总量", breakfast: "早餐", lunch: "午餐", supper: "晚餐", snack: "加餐", light: "轻", moderate: "中", hard: "重", taken: "吃了", skipped: "没吃", forgot: "忘了", ran_out: "药没了", side_effects: "副作用", vomiting: "呕吐", told_by_site: "医院说的",
    hormonal: "激素", barrier: "屏障", abstinence: "禁欲", negative: "阴性", positive: "阳性", unclear: "看不清", urine: "尿", serum: "血清", fertile: "有生育能力", not_fertile: "没有生育能力", value: "数值", assistance: "需要别人帮助", both: "两样都有", call: "电话", message: "信息", visit: "见面", participant: "本人", guardian: "监护人", relative: "亲属", "mmol/L": "mmol/L", "mg/dL": "mg/dL",
  },
  labs: { hba1c: "糖化血红蛋白", c_peptide: "C 肽", trough: "血药谷浓度", cgm_tir: "动态血糖范围内时间", creatinine: "肌酐", alt: "谷丙转氨酶" } as Record<string, string>,
  symptoms: { fever: "发热", cough: "咳嗽", diarrhoea: "腹泻", vomiting: "呕吐", pain: "疼痛", jaundice: "皮肤发黄", shaky: "发抖", sweating: "出汗", hungry: "饿", headache: "头痛", confused: "糊涂", tired: "没力气", pale: "脸色白" } as Record<string, string>,
  units: { units: "U", carbs_g: "g", minutes: "min", temperature_c: "°C", kg: "kg" } as Record<string, string>,
  selfTreat: { yes: "自己处理了", no: "自己处理不了", unknown: "不清楚能不能自己处理" }, helpedBy: (who: string) => `${who}帮的`, lostConsciousness: "失去意识", seizure: "抽搐", askedSite: { yes: "问过医院", no: "没问医院" }, otherPerson: "别人的血", control: "质控液", relabelled: "原来标错了", reached: { yes: "找到本人", no: "没找到" }, used: { yes: "按约定用了", no: "没有按约定用", unknown: "不清楚是否按约定用了" }, vomiting: "一直吐", until: "到", stillIn: "还在住院",
};
