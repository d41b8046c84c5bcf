import { entryZh } from "./site-entries.zh-CN.ts";
import { personZh } from "./site-person.zh-CN.ts";
import { workZh } from "./site-work.zh-CN.ts";

export const siteZh = {
  appName: "日记 · 工作台",
  nav: { label: "主要", overview: "总览", alerts: "警报", queries: "提问", calls: "电话", roster: "值班", problems: "运行问题", enrol: "入组登记", audit: "操作记录", accounts: "账号", sites: "医院", me: "我的账号", search: "受试者编号", keys: "快捷键", skip: "跳到正文" },
  common: {
    save: "保存", saving: "保存中", cancel: "取消", close: "收起", back: "返回", edit: "修改", add: "添加", end: "结束", more: "再看更早的", none: "没有", yes: "是", no: "否", unknown: "不清楚", notSet: "没填",
    retry: "再试一次", loading: "正在取", noAnswer: "没连上服务器。写的都还在，请再试一次。", optional: "（可以不填）", reason: "原因", reasonHint: "一句话，会记进操作记录。", sourceNote: "依据", sourceHint: "在哪里核对的：病历、电话、照片、纸质日记第几页。",
    from: "从", to: "到", all: "全部", copy: "复制", copied: "已复制", print: "打印", saved: "已保存", next: "下一步", day: "日期", name: "姓名", phone: "电话", email: "邮箱", language: "语言", code: "zh-CN" as "zh-CN" | "en", choose: "请选择", notSeenHere: "您的账号看不到姓名。",
    weekdays: "周日 周一 周二 周三 周四 周五 周六",
    dayWords: (month: number, day: number, week: string) => `${month}月${day}日 ${week}`,
    inYear: (day: string, year: string) => `${year}年${day}`, today: "今天", yesterday: "昨天",
    age: (days: number, hours: number, minutes: number) => days >= 2 ? `${days} 天` : hours >= 1 ? (hours >= 12 || minutes === 0 ? `${hours} 小时` : `${hours} 小时 ${minutes} 分`) : minutes === 0 ? "刚刚" : `${minutes} 分钟`,
    ago: (age: string) => (age === "刚刚" ? age : `${age}前`),
    years: (n: number) => `${n} 岁`, count: (n: number) => `${n} 条`,
    languages: { "zh-CN": "中文", en: "English" }, form: "请看一下标出的几处。",
  },
  roles: { participant: "受试者", guardian: "监护人", coordinator: "协调员", investigator: "研究者", monitor: "监查员", administrator: "管理员", system: "系统" },
  entrance: {
    title: "登录工作台", needLogin: "请填邮箱。", needSecret: "请填密码。", login: "邮箱", secret: "密码", totp: "动态码", totpHint: "手机验证器上的 6 位数字。没有设过就不用填。", go: "登录", again: "请重新登录", againLead: "登录已到期。这一页上写的都还在，登录后接着做。", leave: "换一个人登录",
    forgot: "忘了密码？请管理员给您一个新的链接。", participant: "这里是工作人员的工作台。受试者请打开日记。", participantGo: "打开日记",
    setupTitle: "建立管理员账号", setupLead: "这个链接只能用一次。您将是第一个管理员，可以为其他工作人员开账号。", code: "一次性号码", password: "定一个密码", passwordHint: "12 到 200 个字符，一句话就很好。", passwordAgain: "再输一次", differ: "两次不一样，请再输一次。", setupGo: "建立账号",
    activateTitle: "启用账号", activateLead: "请定一个密码。以后用邮箱和这个密码登录。", activateGo: "启用并登录", activateTotp: "以前设过动态码才要填。",
  },
  overview: {
    title: "现在谁需要我", live: (time: string) => `${time}查过，自动更新`, offline: "没连上服务器，下面是刚才的内容。", filterState: "状态", everyState: "所有状态",
    subject: "受试者", why: "为什么", next: "下一步", never: "还没有", open: "打开", acknowledge: "确认", review: "去核对", nothing: "没有待办。",
    held: (n: number) => `${n} 条记录等您确认。`, reconsent: "满 18 岁了，要本人重新签同意书。", more: (n: number) => `另有 ${n} 条警报。`, empty: "还没有受试者。", noMatch: "没有符合的受试者。", people: (n: number) => `${n} 人`, child: "儿童",
    states: { screening: "筛选中", enrolled: "已入组", transplanted: "移植后", paused: "暂停", withdrawn: "已退出", completed: "已完成" }, dayAfter: (n: number) => `移植后第 ${n} 天`, dayAfterLong: (day: string) => day,
    clear: "清除",
  },
  alerts: {
    title: "警报", open: "没人处理", acknowledged: "已确认", resolved: "已了结", levels: { page: "紧急", desk: "待办" }, none: "没有警报。", allQuiet: "没有还没了结的警报。",
    kinds: {
      assistance: "需要别人帮助的低血糖", lo: "血糖低于仪器量程", severe_value: "严重低血糖数值", late_lows: "晚到的低血糖记录", review: "低血糖要人核对", call_me: "请医院回电话", refused_text: "没收下的文字可能是严重低血糖", no_blood_draw: "到时间还没抽血",
      fever: "发热", persistent_vomiting: "一直吐", high_running: "连续两次很高", missed_doses: "连续两次没吃抗排异药", contraception_no: "避孕没有按约定", pregnancy_positive: "妊娠试验阳性", contraception_review: "霉酚酸酯期间只用激素避孕", zone_waits: "出行：换时区后两次药会太近或太远",
    } as Record<string, string>,
    reasons: { unanswered: "没有回答问题，已升为紧急。", no_recheck: "没有复测到恢复，已升为紧急。", not_acknowledged: "一直没人确认，已升为紧急。" } as Record<string, string>,
    opened: (ago: string) => `${ago}出现`, seen: "看到", acknowledgedAt: "确认", resolvedAt: "了结", notSeen: "还没人看到", entries: (n: number) => `共 ${n} 条记录`, acknowledge: "确认，我来处理", acknowledged1: "已确认", resolve: "了结", openPerson: "打开受试者",
    resolveTitle: (subject: string) => `了结 ${subject} 的警报`, resolution: "发生了什么，怎么处理的", resolutionHint: "一句话。会和您的名字、时间一起留下。", sae: "是不良事件吗", saeOptions: { yes: "是严重不良事件", no: "不是", undecided: "还没定" }, resolved1: "已了结", newAlert: (subject: string) => `${subject} 有新的紧急警报`,
    was: "了结时写的", saeWas: "不良事件", undecided: "不良事件未定", noUndecided: "了结的警报都判定过了。", decide: "判定是不是不良事件", decideAnew: "重新判定", decideTitle: (subject: string) => `${subject} 的这条警报是不是不良事件`, decideWhy: "理由", decideHint: "一句话。会和您的名字、时间一起留下。", decided: "已判定", decidedAt: "判定", needSae: "请选一个。",
    count: (n: number) => `${n} 条没了结的警报`,
  },
  person: {
    tabs: { diary: "日志", waiting: "待核对", schedules: "计划", person: "资料" }, noAlert: "没有没了结的警报。", sex: { female: "女", male: "男" }, openAlerts: (n: number) => `还有 ${n} 条警报`, addEntry: "记一条", notFound: "这里没有您能看的受试者。",
    identity: "身份", birthDay: "出生日期", age: "年龄", sexLabel: "性别", fertile: "有生育能力", premenopausal: "未绝经", treatedByCarer: "低血糖总由照护者处理", minorApproved: "伦理已批准未成年人避孕问题", unit: "血糖单位", zone: "时区", state: "状态", transplantDays: "移植日期", account: "账号", login: "登录名", subject: "受试者编号", since: "登记于",
    accountStates: { invited: "还没激活", open: "已激活", closed: "已关闭" }, issueCode: "发激活码", newCode: "发新的激活码", editTitle: "修改资料", stateTitle: "改状态", stateGo: "改状态", addTransplant: "加一个移植日期", removeDay: "去掉",
    consents: "知情同意", givers: { participant: "本人同意", guardian: "监护人同意", child_assent: "儿童同意" }, version: "版本", signedDay: "签署日", recordConsent: "登记同意书", giver: "谁签的", whichGuardian: "哪一位监护人", reconsent: "已满 18 岁，要本人重新签同意书，监护人的权限已停。",
    guardians: "监护人", relation: "与孩子的关系", addGuardian: "加一位监护人", endGuardian: "结束权限", endGuardianTitle: (login: string) => `结束 ${login} 的权限`, endedAt: "结束于", existing: "已是别的孩子的监护人", newPerson: "新的人", otherChild: "另一个孩子的编号", noneFound: "那里没有监护人。", noGuardians: "没有监护人。",
    meters: "血糖仪", serial: "序列号", model: "型号", given: "发放", returned: "收回", assignMeter: "发一台血糖仪", inUse: "在用", noMeters: "还没有发血糖仪。",
    devices: "已登录的手机", lastSeen: "最近使用", revoke: "让它退出", revokeTitle: "让这部手机退出登录", revokeLead: "手机丢了或不再用。没发出的记录留在那部手机上，重新登录后才会发。", noDevices: "没有手机登录。", revoked: "已退出",
  },
  diary: {
    title: "日志", kind: "种类", time: "时间", what: "记了什么", who: "谁记的", marks: "标记", none: "这里没有记录。", clearFilter: "看全部", detail: "这条记录", versions: "所有版本", version: (n: number) => `第 ${n} 版`, counts: "现在算数的", waits: "等医院确认", corrected: "已更正", withdrawn: "已撤回", late: "补记", review: "待核对", notCounted: "不进统计",
    occurred: "发生", recorded: "写下", received: "收到", skew: (s: string) => `手机时钟差 ${s}`, origin: "来源", origins: { typed: "手动输入", bluetooth: "蓝牙", file: "文件", api: "程序", staff: "医院", paper: "纸质日记" }, why: "为什么改", proxy: "为什么由别人记", source: "依据", was: "原来", now: "改为", empty: "空", accept: "确认，算进统计", acceptTitle: "确认这条记录", acceptedBy: "确认人", correct: "更正", withdraw: "撤回", correctTitle: "更正这条记录", withdrawTitle: "撤回这条记录", withdrawLead: "原来的仍然看得到，什么都不会删。", askedBy: "只在受试者要求时更正，并写明依据。", adaLevel: (n: number) => `ADA ${n} 级`,
    bases: { none: "不是严重低血糖", value: "严重：数值", assistance: "严重：需要别人帮助", both: "严重：数值和帮助", review: "待核对：由人判断" }, changes: "改了什么", first: "最初的内容", sameEpisode: "同一次低血糖", delay: (age: string) => `写下后 ${age}收到`, byDay: (n: number) => `${n} 条`, occurredAt: "发生时间",
  },
  waiting: {
    writtenLater: (age: string) => `晚了 ${age}才记`, heldTitle: "等确认的记录", heldLead: "晚了太久才记的，存好了，没算进统计。看过后写依据，点确认。", noHeld: "没有等确认的记录。", refusedTitle: "没收下的", refusedLead: "手机发来、但读不出来或有冲突的。原文在这里，受试者也看得到。", noRefused: "没有。", refused: "没收下", conflict: "有冲突", raw: "原文", sentAt: "收到", accepted: "已确认，已算进统计。", seeEntry: "看现在算数的那条",
  },
  staff: {
    title: "记一条", fromSite: "医院记录", fromPaper: "纸质日记转录", pick: "记哪一种", paperNote: "纸质日记的页码或照片", when: "什么时候", stored: "已保存。", severe: "服务器判断：严重低血糖。警报已开。", zoneNote: (zone: string) => `按 ${zone} 的时间`, addOne: "加一个", needed: "要填",
  },
  schedules: {
    title: "计划", none: "还没有计划。", add: "加一个计划", replaceTitle: (title: string) => `换掉“${title}”`, kinds: { dose: "服药", reading: "测血糖", contraception: "避孕", diary: "写日记" }, kind: "种类", name: "名称", times: "时间", timesHint: "像 08:00，可以加几个。", every: "多久一次", rrules: { daily: "每天", other_day: "隔天", weekly: "每周", monthly: "每月" }, weekdaysLabel: "哪几天", monthDay: "每月几号", fromDay: "第一天", toDay: "最后一天", drug: "药名", amount: "每次多少", before: "可以提前", after: "可以推后", minutes: "分钟",
    hold: "等抽血的那天", holdDay: "日期", holdLatest: "最晚几点抽", holdReason: "原因", withHold: "有一天要等抽血", active: "进行中", ended: "已结束", endTitle: (title: string) => `结束“${title}”`, endLead: "退出或完成研究后，抗排异药的提醒不会自动停，由研究者逐个结束。", lastDay: "最后一天", endGo: "结束它", replace: "换一个", window: (before: string, after: string) => `提前 ${before}到推后 ${after}`, duration: (n: number, unit: "days" | "hours" | "minutes") => `${n} ${{ days: "天", hours: "小时", minutes: "分钟" }[unit]}`, onMonthDay: (day: string) => `${day} 号`, replacedBy: (title: string, day: string) => `从 ${day}起换成“${title}”`, set: "已设好", until: (day: string) => `到 ${day}`, since: (day: string) => `从 ${day}`, endedWhy: "结束原因", holdLine: (day: string, time: string) => `${day} 等抽血，最晚 ${time}`, nothingPlanned: "没有结束的计划。",
  },
  enrol: {
    title: "入组登记", steps: { person: "受试者", health: "生育与照护", consent: "知情同意", meter: "血糖仪", check: "核对" }, subjectHint: "S 加 3 到 8 位数字，像 S019。", birthHint: "用来判断是不是要监护人同意。", isChild: (n: number) => `${n} 岁：要本人同意、监护人的同意书。`, isAdult: (n: number) => `${n} 岁：本人签同意书。`,
    fertileLabel: "有生育能力（男女都问）", premenopausalLabel: "未绝经", pregnancyNote: "入组前要有妊娠试验阴性的记录。", carerLabel: "低血糖总由照护者处理", minorLabel: "伦理已批准在本人手机上问避孕", consentAdult: "本人的同意书", assent: "儿童本人的同意", guardian: (n: number) => `监护人 ${n}`, removeGuardian: "去掉这一位", moreGuardian: "再加一位监护人", meterLead: "发给受试者的血糖仪。也可以以后再发。", checkLead: "请核对。保存后进入筛选期。", save: "登记", done: (subject: string) => `${subject} 已登记`, doneLead: "现在可以发激活码。", needGuardian: "18 岁以下至少要一位监护人的同意。", fixStep: "这一步有地方要改。", openPerson: "打开受试者", next: "下一步", previous: "上一步",
  },
  code: {
    title: "激活码", lead: "请在手机上扫码，或打开日记后输入激活码。", login: "登录名", until: (when: string) => `有效到 ${when}`, once: "只能用一次，关上后看不到了。旧的激活码已失效。", qr: "激活二维码", copyLink: "复制链接", copyCode: "复制激活码", confirmTitle: (login: string) => `给 ${login} 发激活码？`, confirmLead: "新的激活码会让以前没用过的失效。已登录的手机不受影响。", issue: "发激活码", staffLead: "请把这个链接交给本人。打开后定密码。",
  },
  accounts: {
    title: "账号", create: "开一个账号", none: "没有账号。", role: "角色", site: "医院", state: "状态", lastSeen: "最近使用", second: "动态码", secondOn: "已开", secondOff: "没开", never: "还没用过", createTitle: "开一个工作人员账号", emailHint: "也是登录名。", close: "关闭", closeTitle: (login: string) => `关闭 ${login}`, closeLead: "从下一次请求起不能再用。关了不能再开。", resetSecond: "重设动态码", resetTitle: (login: string) => `重设 ${login} 的动态码`, resetLead: "手机丢了时用。会让这个人退出登录。", newLink: "发新链接", linkTitle: (login: string) => `给 ${login} 的链接`, edit: "修改", editTitle: (login: string) => `修改 ${login}`, editLead: "换角色或医院会让这个人退出登录。", filter: "按登录名或姓名找", staffOnly: "工作人员", patients: "受试者和监护人", needSite: "先登记一家医院，才能开协调员的账号。", toSites: "去登记医院",
  },
  sites: { title: "医院", create: "登记一家医院", none: "还没有医院。", name: "名称", zone: "时区", createTitle: "登记一家医院", zoneHint: "像 Asia/Shanghai。" },
  audit: {
    title: "操作记录", at: "时间", who: "谁", action: "做了什么", object: "对象", field: "哪一项", old: "原来", new: "改为", reason: "原因", none: "没有记录。", hash: "校验值", lead: "每一项改动都在这里，不能改，也不能删。", subject: "受试者", whole: "看全部", created: "新建的内容",
    fields: {
      seen_at: "看到", seen_by: "谁看到", acknowledged_at: "确认", acknowledged_by: "谁确认", resolved_at: "了结", resolved_by: "谁了结", resolution: "了结说明", sae: "不良事件", level: "级别", state: "状态", kind: "种类", paged_at: "升为紧急", reason: "原因", to_day: "最后一天", ended_at: "结束", ended_by: "谁结束", end_reason: "结束原因",
      transplant_days: "移植日期", fertile: "有生育能力", premenopausal: "未绝经", treated_by_carer: "低血糖总由照护者处理", minor_contraception_approved: "伦理已批准未成年人避孕问题", display_unit: "血糖单位", zone: "时区", language: "语言", sex: "性别", birth_day: "出生日期", name: "姓名", phone: "电话", email: "邮箱", role: "角色", site_id: "医院", returned_day: "收回", closed_at: "关闭", closed_by: "谁关闭", answered_at: "回答", entry_id: "问的是哪一版", due_day: "希望几号前回答", sae_by: "谁判定不良事件", sae_at: "判定不良事件", sae_reason: "判定理由", reopened_at: "再次打开", sent_at: "发出呼叫", delivered_at: "呼叫送达", value_at: "数值的时间",
      cancelled_at: "取消", cancelled_by: "谁取消", cancel_reason: "取消原因", about: "关于", outcome: "结果", note: "说了什么", tested_at: "试通", revoked_at: "收回", decided_at: "决定", decided_by: "谁决定", login: "登录名",
    } as Record<string, string>,
    objects: { account: "账号", alert: "警报", consent: "同意书", entry: "记录", entry_decision: "记录的确认", guardianship: "监护关系", meter: "血糖仪", participant: "受试者", refusal: "没收下的", schedule: "计划", site: "医院", session: "手机登录", query: "提问", query_message: "提问的一句话", planned_visit: "安排的访视", roster: "值班", zone_change: "时区变更", identity: "姓名和联系方式", call: "电话", channel: "渠道", calendar_feed: "日历", problem: "运行问题", push_host: "推送服务", subscription: "手机", same_record: "血糖仪重发的记录" } as Record<string, string>,
    actions: { create: "新建", change: "修改", correct: "更正", withdraw: "撤回", sign_in: "登录", sign_out: "退出", activate: "激活", set_up: "建立", issue_code: "发激活码", issue_setup_code: "发一次性号码", set_secret: "改密码", start_second_factor: "开始设动态码", second_factor_on: "打开动态码", reset_second_factor: "重设动态码", revoke_session: "让手机退出", create_calendar_feed: "新建", close_problem: "关闭", resume_push_host: "继续发到", set_phone_aside: "搁置" } as Record<string, string>,
    nothing: "没有", queryStates: { open: "没回答", answered: "已回答", closed: "已关" } as Record<string, string>, zoneStates: { applied: "已生效", waiting: "等医院看", refused: "没同意" } as Record<string, string>,
  },
  me: { title: "我的账号", role: "角色", login: "登录名", second: "第二道验证", secondOn: "已开：登录时要动态码。手机丢了请找管理员。", secondOff: "没开。建议打开：密码被人知道了也进不来。", start: "打开第二道验证", scan: "用验证器 App 扫这个码，或输入密钥。", key: "密钥", confirm: "输入验证器上的 6 位数字", confirmGo: "确认打开", signOut: "退出登录", done: "已打开" },
  keys: { title: "快捷键", list: [["/", "找受试者"], ["j k", "上下移动"], ["Enter", "打开"], ["a", "确认警报"], ["r", "了结警报、关掉提问"], ["q", "回答提问"], ["?", "这张表"]] as [string, string][] },
  page: personZh,
  work: workZh,
  entry: entryZh,
};
