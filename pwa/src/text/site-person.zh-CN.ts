/** 受试者页的词：日志、图、统计、完成情况、提醒、照护。 */
export const personZh = {
  tabs: { "": "一览", charts: "图和统计", adherence: "完成情况", reminders: "提醒", log: "全部记录", waiting: "待审核", schedules: "照护", person: "档案" },
  shortDay: (month: number, day: number, week: string) => `${month}/${day} ${week.replace("周", "")}`,
  firstOf: (month: number) => `${month}/1`,
  month: (year: number, month: number) => (month === 1 ? `${year}年1月` : `${month}月`),
  span: (from: string, to: string) => `${from}至${to}`,
  bases: { value: "按数值", assistance: "别人帮", both: "两样都有" }, basis: "依据", source: "来源", fromDiary: "日记",
  logbook: {
    title: (unit: string) => `日志，${unit}`, lead: "新的在上。点一个数，看全部版本和提问。", earlier: "再看两周", event: "经过", empty: "没有", missingShort: "缺", missingKey: "缺：该测没测",
    columns: { night: "夜里", before_breakfast: "早餐前", after_breakfast: "早餐后", before_lunch: "午餐前", after_lunch: "午餐后", before_supper: "晚餐前", after_supper: "晚餐后", bedtime: "睡前" },
    insulin: "胰岛素", insulinUnit: "U/天", meals: "碳水", mealsUnit: "g/天", mealCount: (n: number) => `${n} 餐`,
  },
  charts: {
    showTable: "看表格", hideTable: "收起表格", hour: "钟点", median: "中位数", quartiles: "四分位", readings: "血糖", transplant: "移植", nthTransplant: (n: number) => `第 ${n} 次移植`,
    standardDay: "标准日", standardNote: (span: string, n: number, perDay: string) => `${span}，n = ${n}，每天 ${perDay} 次`, standardFew: (n: number) => `${n} 个血糖，不到 30 个，所以只画点，不画线。`,
    standardSentence: (n: number, severe: number) => `${n} 个血糖按钟点排在一天里，其中 ${severe} 个严重低。一小时里有 3 个才画中位线，有 5 个才画四分位带。LO 和 HI 画在边上。`,
    thumbs: "14 天，一天一格", thumbsNote: (n: number) => `n = ${n}，对数刻度 2 到 22 mmol/L，浅色带 3.9 到 10.0`, thumbsSentence: (n: number, empty: number) => `14 天里 ${n} 个血糖，${empty === 0 ? "天天都测了" : `${empty} 天没有血糖（底下一短横）`}。`, thumbLabel: (day: string, n: number) => `${day}：${n} 个血糖`,
    trend: "12 个月的变化", trendNote: (n: number) => `按周，n = ${n}`, trendSentence: (weeks: number, n: number, events: number) => `${weeks} 周，${n} 个血糖，${events} 次严重低血糖。没测的周不画点。`,
    weekFrom: "这一周从", weeklyMean: "周平均，mmol/L", inRange: "范围内血糖占比，%", perDay: "每天测几次", below: "低于 3.9 的次数", level2: "低于 3.0 的次数", severeReadings: "严重低的血糖", severeEvents: "严重低血糖", insulin: "胰岛素，U/kg/天",
    severeNote: (n: number) => `近 12 个月 ${n} 次`, severeSentence: (n: number, recent: number, before: number | null, after: number) => `近 12 个月 ${n} 次${before === null ? "" : `：移植前 ${before}，移植后 ${after}`}。近 3 个月 ${recent} 次。`,
    range: "各范围的血糖占比", rangeHead: "范围", rangeNote: (span: string, n: number) => `${span}，n = ${n}`, rangeNone: "这段时间没有血糖。", rangeSentence: (pct: number, n: number) => `${n} 个血糖里 ${pct} % 在范围内。这是血糖个数的占比，不是时间的占比。`,
  },
  summary: {
    title: "统计", lead: "只用血糖仪的读数，mmol/L", lastDays: (n: number) => (n === 365 ? "近 12 个月" : n % 7 === 0 ? `近 ${n / 7} 周` : `近 ${n} 天`), beforeAfter: "移植前和移植后", compare: "再加一段来比", one: "只看一段", span: "哪段时间", nth: (i: number): string => (i === 0 ? "前一段" : "后一段"), order: "第一天要在最后一天之前。",
    figure: "项目", second: "风险和波动", unlike: "两段时间测得不一样勤，比的时候要小心。", unlikeWhy: (a: string, b: string) => `每天 ${a} 次和 ${b} 次，相差超过 25 %。低血糖次数、占比和波动都跟测得勤不勤有关。`,
    undefined: (why: string) => `算不出：${why}`, share: (pct: string, n: number, all: number) => `${pct} %（${all} 个里 ${n} 个）`, ofDays: (n: number, all: number) => `${all} 天里 ${n} 天`, days: (n: number) => `${n} 天`, onDays: (value: string, days: number) => `${value}（有记录的 ${days} 天）`,
    censored: (text: string, n: number, value: string) => (value === "" ? `${text}，${n} 次` : `${text}，${n} 次；有数的是 ${value}`), events: (value: number, help: number, both: number) => `${value + help + both}（按数值 ${value}，别人帮 ${help}，两样 ${both}）`, liUnit: "mmol²/L² 每小时每周", liAt: (value: string, perDay: string) => `${value}（每天测 ${perDay} 次时）`,
    why: {
      no_readings: "这段时间没有血糖", no_numbers: "只有 LO 或 HI，没有数", one_number: "只有一个数", days_with_3: "要 14 天，每天至少 3 次", full_weeks: "要 4 个完整的周", no_insulin: "这段时间没有记胰岛素", no_weight: "没有体重",
    },
    figures: {
      readings: "血糖个数", perDay: "每天测几次", daysWith3: "测了至少 3 次的天数", mean: "平均", sd: "标准差", cv: "变异系数", min: "最低", max: "最高", inRange: "范围内血糖占比（3.9–10.0）", below: "低于 3.9 的占比", level2: "低于 3.0 的占比", above: "高于 10.0 的占比", veryHigh: "高于 13.9 的占比",
      severeReadings: "低于 2.9 或 LO 的血糖", severeEvents: "严重低血糖次数", insulin: "胰岛素，每天", insulinFree: "不打胰岛素的天数", lbgi: "低血糖风险指数 LBGI", hbgi: "高血糖风险指数 HBGI", adrr: "日均风险范围 ADRR", li: "波动指数 LI",
    },
  },
  adherence: {
    title: "完成情况", lead: "只算已经过了时间的；住院和说好的暂停不算。点一格或一个数，看是从哪几次算出来的。", stripLead: (span: string) => `${span}。格子里多高就是做了多少`, all: "看每次", kinds: { reading: "血糖", dose: "用药", diary: "日记", contraception: "避孕" },
    ofDue: (done: number, due: number) => (due === 0 ? "还没有到期的" : `${due} 次里 ${done} 次`), stillOpen: "还没到点", excluded: "不计", nonePrescribed: "没有安排", outside: "不在这段时间里", keyShare: "做了多少",
    monitoring: "测血糖", allPoints: "全部时间点", diary: "日记", signedDays: "写完的天数", savedAfter: "事情过后多久写下", receivedAfter: "写下后多久收到", delay: (median: string, p90: string, n: number) => `一半在 ${median}内，九成在 ${p90}内（n = ${n}）`, noEntries: "没有在家写的记录",
    attestations: "确认了几次", unnamedDrug: "没写药名", taking: "吃了几次", inWindow: "按时：从定时前 1 小时到后 2 小时", inWindowNote: " 定义一", intervals: "按间隔：与规定间隔相差不超过 25 %", intervalsNote: " 定义二", rightDays: "次数吃对的天数", run: (n: number) => (n === 1 ? "漏了 1 次" : `连续漏了 ${n} 次`), noRuns: "没有连着漏的。", fromTo: (a: string, b: string) => `${a} 到 ${b}`,
    noneDue: "还没有到期的", openWindows: "看是哪几次", notCounted: (out: number, open: number) => `不计的 ${out} 次，还没到点的 ${open} 次，都不在分母里。`, windowsLead: (done: number, counted: number, rest: number) => `算进去的 ${counted} 次里做了 ${done} 次${rest === 0 ? "" : `；另有 ${rest} 次不计或还没到点`}。`, noWindows: "这里没有安排。",
    dueAt: "应在", what: "什么", outcome: "结果", answeredAt: "做的时间", outcomes: { done: "做了", skipped: "没做，说了原因", missed: "没有记录", left_out: "不计", open: "还没到点" }, off: (min: number) => (min === 0 ? "准时" : min > 0 ? `晚 ${min} 分钟` : `早 ${-min} 分钟`),
    reasons: { study_state: "不在试验里", not_asked: "不在手机上问", contraception_ended: "不用再避孕了", schedule_ended: "这个安排已结束", travel: "旅行改了时间", worker_down: "系统当时停了", screening: "筛选期", withdrawn: "已退出", completed: "已完成", hospital: "住院", paused: "暂停", pause: "暂停", told_by_site: "医院说的", forgot: "忘了", ran_out: "药没了", side_effects: "副作用", vomiting: "呕吐", other: "其他" } as Record<string, string>,
  },
  concordance: {
    title: "血糖仪和日记对一对", lead: "同一段时间，仪器里存的和手写的。", precision: "手写的和仪器一致", findings: { omitted: "仪器里有，没写下来", phantom: "写下来了，仪器里没有", altered: "同一时间，数不一样" }, short: { agrees: "一致", omitted: "没写", phantom: "仪器里没有", altered: "数不同" },
    noMeter: "这段时间还没有从血糖仪读进来的记录，所以没法对。", noLog: "这段时间没有手写的", noDifferences: "没有不一样的。", finding: "哪里不同", inMeter: "仪器里", inLog: "日记里", absent: "没有",
  },
  reminders: {
    reach: "提醒到得了吗", reachLead: (days: number) => `近 ${days} 天`, sent: "每一条提醒", sentLead: "发给本人和监护人的。收到，是手机自己回报的。", none: "还没有发过提醒。", channel: "渠道", planned: "到点的", stages: { handed_over: "发出", received: "收到", shown: "显示", opened: "点开", answered: "回答" }, notDone: "没发成", lastReceived: "最后收到", never: "从没收到",
    channels: { push: "推送", message: "信息", sms: "短信", call: "电话" }, dueAt: "到点", about: "关于", to: "给谁", state: "现在", howFar: "到了哪一步", notYet: "还没发出", round: (n: number) => `第 ${n} 遍`,
    kinds: { dose: "用药", reading: "血糖", contraception: "避孕", diary: "日记", recheck: "复测" } as Record<string, string>, abouts: { reminder: "提醒", recheck: "低血糖后复测", blood_draw: "等抽血", query: "提问", test: "试一下" } as Record<string, string>,
    states: { planned: "排好了", claimed: "正在发", handed_over: "已发出", received: "已收到", shown: "已显示", opened: "已点开", answered: "已回答", missed: "过了时间没回答", cancelled: "不用发了", notDone: "没发成" },
  },
  inclusion: {
    title: "严重低血糖和入选标准 5", lead: "日记里的，加上医院记下的以前的。", last12: "近 12 个月", last3: "近 3 个月", events: (n: number) => `${n} 次`, until: (day: string) => `从知情同意（${day}）往前数`, in12: (n: number) => `12 个月 ${n} 次`, in3: (n: number) => `3 个月 ${n} 次`, met: "达到（12 个月至少 2 次，其中 3 个月内至少 1 次）", notMet: "没达到（要 12 个月至少 2 次，其中 3 个月内至少 1 次）",
  },
  care: {
    everyDays: (n: number) => `每 ${n} 天一次`, everyWeeks: (n: number) => `每 ${n} 周一次`,
    templates: "从模板开始", templateNone: "自己填", templateHint: "先填好常用的，再按医嘱改。", holdGo: "等抽血", holdTitle: (title: string) => `“${title}”等一天抽血`, holdLead: "那天早上的提醒变成“等抽血”。抽完点一下，才提醒吃药。到了最晚时间还没抽，会紧急通知值班的人。这个计划会由一个新的接着走，别的都不变。", holdSet: "定好了",
    visits: "访视", visitsLead: "每次访视都再看一遍生育能力。", addVisit: "记一次访视", noVisits: "还没有访视。", noPlan: "还没有安排访视。", planned: "安排", heldVisits: "已做", planVisit: "安排访视", planTitle: "安排一次访视", planLead: "从当天之前几天，到之后几天，都可以做。", visitName: "访视名称", visitDay: "哪一天", visitBefore: "可提前几天", visitAfter: "可推后几天", visitPurpose: "做什么", visitStates: { later: "还没到", in_window: "可以做了", due: "该做了", overdue: "过期", done: "已做" }, visitWindow: (first: string, last: string) => (first === last ? `${first} 当天` : `${first} 到 ${last}`), heldOn: (day: string) => `${day} 做的`, record: "记下", cancelVisit: "取消安排", cancelTitle: (name: string) => `取消“${name}”的安排`, cancelLead: "这次安排和您的理由都会留在记录里。", planSaved: "已安排", cancelled: "已取消", ofStudy: "方案规定", all: "全部访视", fertilityReviewed: "生育能力", fertilityDue: "上次访视没有看生育能力，请补上。", fertilityNone: "没看", contacts: "联系", addContact: "记一次联系", noContacts: "还没有联系过。",
    contraception: "避孕", ends: "到哪天为止", noEnd: { in_trial: "没有终点：还在试验里", agent_running: "没有终点：药还在用", last_dose_unknown: "没有终点：最后一次用药的日子不清楚" }, endsOn: (day: string) => `到 ${day}，含当天`, notApplies: "不适用：没有生育能力", notKnown: "生育能力还不清楚，请先问清", askedInApp: "手机上问吗", agents: "药物", agentRuns: "还在用", agentLast: (day: string, days: number, until: string) => `最后一次 ${day}，再加 ${days} 天，到 ${until}`, agentUnknown: (days: number) => `最后一次不清楚；之后还要 ${days} 天`, method: "现在的方法", secondMethod: "只用激素，又在用吗替麦考酚酯：请研究者看一下，最好两种方法一起用。",
    travel: "时区", travelLead: "参与者说自己到了哪里；免疫抑制剂的间隔会超出 9–15 小时的，等医院决定。", noTravel: "没有换过时区。", travelStates: { applied: "已照新时区", waiting: "等医院决定", refused: "没有照改" }, apply: "照新时区", refuse: "不改", decideTitle: (from: string, to: string) => `${from} 到 ${to}`,
    leaflet: "下载激活说明", leafletLead: "一页纸，中英文：激活码、二维码、安卓、苹果和微信的步骤。", leafletOpen: "打开来打印",
    afterState: {
      paused: "暂停以后：用药提醒照旧；血糖和日记的提醒停下来，这些日子不算进完成情况。", withdrawn: "退出以后：移植物还需要药，所以用药提醒照旧，由研究者一个一个地结束。日记和记录都留着。", completed: "完成以后：移植物还需要药，所以用药提醒照旧，由研究者一个一个地结束。日记和记录都留着。",
    },
    stillRunning: "照旧的用药提醒", noneRunning: "现在没有用药提醒。", investigatorEnds: "退出或完成以后，每一个用药提醒由研究者结束。",
  },
};
