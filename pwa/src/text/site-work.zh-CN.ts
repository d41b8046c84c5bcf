/** Words of the desk's daily work: who needs somebody, on call, queries, calls, channels, what the operator looks at. */
export const workZh = {
  needs: {
    pages: (n: number) => `有 ${n} 条紧急警报还没了结。`, deskAlerts: (n: number) => `有 ${n} 条待办警报还没了结。`,
    unreachable: "所有渠道都没联系上。", silent: (days: number) => `${days} 天没有收到任何记录。`, neverHeard: (days: number) => `登记 ${days} 天，还没有收到过记录。`,
    attestation: "避孕情况到期还没答。", refused: (n: number) => `近 7 天有 ${n} 条没收下。`, measured: { reading: "血糖", dose: "服药", diary: "日记" },
    falling: (what: string, from: number, to: number) => `${what}完成率下降：${from} % 到 ${to} %。`, low: (what: string, pct: number) => `${what}只完成了 ${pct} %。`,
    visit: { in_window: (name: string, day: string) => `可以做访视“${name}”了，计划 ${day}。`, due: (name: string, day: string) => `该做访视“${name}”，最晚 ${day}。`, overdue: (name: string, day: string) => `访视“${name}”过期，最晚应在 ${day}。` }, review: "上次访视没有看生育能力。",
    overdue: (n: number) => `${n} 个提问过期没答。`, queries: (n: number) => `${n} 个提问还没关。`,
    filters: { all: "全部", alerts: "警报", unreachable: "联系不上", falling: "完成率", held: "待核对", queries: "提问", visits: "访视" },
    groups: { now: "马上", today: "今天", week: "本周", nothing: "没有待办" }, notes: { now: "没人处理的紧急警报", today: "联系不上、待办警报、待核对、已确认还没了结", week: "完成率、提问、访视", nothing: "" },
    spark: "14 天，每日平均", readings: "血糖，14 天", doses: "服药，14 天", diary: "日记", heard: "最近收到", of: (done: number, due: number) => `${done} / ${due}`, ofDays: (due: number) => `共 ${due} 天`, down: (points: number) => `降 ${points}`, noneSet: "没有安排",
    windows: (what: string, subject: string) => `${subject} 的${what}，看每一次`,
    sparkAlt: (readings: number, days: number, without: number, severe: number) => `14 天：${days} 天有血糖，共 ${readings} 次；${without} 天没有；${severe === 0 ? "没有严重低血糖" : `严重低血糖 ${severe} 次`}。`,
    sparkKey: "点：每日平均，对数刻度 2 到 22 mmol/L，浅色带 3.9 到 10.0；菱形：有严重低血糖；底下短线：没有血糖。",
    others: (n: number) => `另有 ${n} 个原因`, more: (n: number) => `再显示 ${n} 人`, call: "打电话", toQueries: "看提问", shown: (n: number, all: number) => `${n} / ${all} 人`,
  },
  duty: {
    now: (names: string) => `今天值班：${names}`, until: (day: string) => `到 ${day}换班`, next: (day: string, names: string) => `${day}起：${names}`, nextNobody: (day: string) => `${day}起没有人`, nobody: "今天没有人值班，紧急警报叫不到人。", untested: (names: string) => `${names} 的渠道还没试过，可能叫不到。`, toRoster: "排值班", and: "、",
  },
  inbox: {
    by: (name: string) => name, rounds: (n: number, last: string) => `已呼叫 ${n} 次，最近 ${last}`, delivered: (at: string) => `${at} 送达`, notDelivered: "还没有送达回执", notSent: "还没有发出呼叫",
    sae: (left: string) => `SAE 上报还剩 ${left}`, saeOver: (over: string) => `SAE 上报超时 ${over}`, saeStarts: "有人看到后开始 24 小时 SAE 计时",
    soundOn: "声音：开", soundOff: "声音：关", soundTry: "试听", live: "自动更新",
  },
  queries: {
    title: "提问", none: "没有还没关的提问。", noneClosed: "没有关掉的提问。", filters: { due: "没关的", closed: "已关的" }, states: { open: "等回答", answered: "已回答，等关", closed: "已关" }, due: (day: string) => `${day}前要答`, overdue: (days: number) => `过期 ${days} 天`, dueToday: "今天要答", about: "关于", seeEntry: "看这条记录", you: "您",
    answer: "回答", answerTitle: (subject: string) => `回答 ${subject} 的提问`, answerLabel: "回答", answered: "已回答", close: "关掉提问", closeTitle: (subject: string) => `关掉 ${subject} 的提问`, closeLabel: "怎么解决的", closeHint: "一句话，会和您的名字、时间一起留下。", closed: "已关",
    raise: "提问", raiseTitle: "对这条记录提问", raiseLead: "受试者在手机上、就在这条记录旁边会看到。请写得短而友好。", question: "想问什么", field: "哪一项", whole: "整条记录", dueDay: "希望几号前回答", raised: "已提问", ofEntry: "对这条的提问", count: (n: number) => `${n} 个提问还没关`, of: (subject: string) => `只看 ${subject}`, everybody: "看全部",
  },
  calls: {
    title: "电话名单", lead: "提醒经过所有渠道都没有送到的人。请打电话，并写下结果。", none: "没有要打的电话。", since: (age: string) => `${age}联系不上`, about: { reminder: "提醒没有送到", recheck: "低血糖后没有复测", blood_draw: "到时间还没抽血" }, last: (ago: string) => `最近收到：${ago}`, never: "还没有收到过", noPhone: "没有登记电话", hiddenPhone: "您的账号看不到姓名和电话",
    dial: (phone: string) => `拨打 ${phone}`, called: "打过了", outcomeTitle: (subject: string) => `给 ${subject} 打电话`, outcome: "结果怎样", outcomes: { spoke: "说上话了", no_answer: "没人接", reached_otherwise: "用别的办法联系上了" }, note: "说了什么", saved: "已记下", needOutcome: "请选结果。", log: "联系记录", noLog: "还没有联系记录。",
    contactTitle: (subject: string) => `联系 ${subject}`, whom: "跟谁说的", reached: "联系上了吗", yes: "联系上了", no: "没联系上", people: "电话", count: (n: number) => `${n} 个电话要打`,
  },
  roster: {
    title: "值班", lead: "点名字排班或取消。紧急警报按这张表呼叫。", empty: "没有人", emptyDays: (n: number) => `这两周有 ${n} 天没有人值班。`, untested: "没试过", tested: "试过", noChannel: "没有渠道", on: (name: string, day: string) => `${name}，${day}`, changed: "表刚被别人改过，已重新取来。请再点一次。", saved: "已排好", previous: "前两周", next: "后两周", thisWeek: "回到今天",
    fill: "一次排一段", fillTitle: "一次排一段", weekdays: "哪几天", weekdayNames: { mon: "周一", tue: "周二", wed: "周三", thu: "周四", fri: "周五", sat: "周六", sun: "周日" }, people: "谁值班", peopleHint: "替换原来排的。一个都不选就是没有人。", people1: "人和渠道", past: "已过", noStaff: "还没有协调员或研究者的账号。", readOnly: "您的账号只能看。",
  },
  channels: {
    title: "紧急警报怎么叫到我", lead: "要有一个试过的渠道，值班才算数。消息里只有“URGENT: open the desk”。", none: "还没有渠道，紧急警报叫不到您。", name: "渠道", address: "地址", addressHint: "邮箱、或服务给您的密钥。", add: "加一个渠道", added: "已加上，请试一次。", test: "发一个验证码", sent: "已发出。收到后请填 6 位数字，30 分钟内有效。", code: "收到的 6 位数字", confirm: "确认", confirmed: "试通了", testedAt: (at: string) => `${at}试通`, notTested: "还没试过", end: "不再用", endTitle: (address: string) => `不再往 ${address} 发消息？`, ended: "已停用", noNames: "管理员还没有设好任何消息服务，请找管理员。",
    operator: { title: "出故障时怎么通知我", lead: "消息发不出去时，会通知每位管理员一次。这需要一个试过的渠道。", none: "还没有渠道，故障通知不到您。", noNames: "还没有设好任何消息服务：见设置里的 DIARY_CHANNELS。" },
    names: { email: "邮箱", sms: "短信", wecom: "企业微信", dingtalk: "钉钉", feishu: "飞书", bark: "Bark", serverchan: "Server 酱" } as Record<string, string>,
  },
  problems: {
    title: "运行问题", lead: "消息发不出去的原因。看过、处理好后关掉；再发生会重新出现。", none: "没有要看的问题。", kind: "种类", subject: "哪里", detail: "说明", times: (n: number) => `${n} 次`, last: "最近一次", opened: "第一次", close: "处理好了", closed: (at: string) => `${at} 关掉`, hosts: "停下的推送服务", hostsLead: "它不认我们的签名，所以先停了；手机的登记都还在。查好密钥后再继续。如果只有其中几部手机被拒，就是那几部的问题：先搁置它们，其他手机照常提醒；被搁置的手机重新登记后会再发。", noHosts: "没有停下的。", resume: "继续发", resumed: "已继续", stopped: (at: string) => `${at} 停下`, status: (n: number) => `答复 ${n}`, refused: (n: number, of: number) => `那里 ${of} 部手机中拒了 ${n} 部`, phone: (id: string, since: string, at: string) => `手机 ${id}，${since} 登记，${at} 被拒`, setAside: (n: number) => `搁置这 ${n} 部手机并继续发`, phonesAside: (n: number) => `已搁置 ${n} 部手机，继续发送`, kinds: { phone_set_aside: "一部手机又被搁置", message_refused: "有服务没收下消息", push_host_stopped: "推送服务停下", push_host_silent: "推送服务一直不收消息", push_subject_missing: "没设推送的联系地址", page_unheard: "紧急警报叫不到任何人" } as Record<string, string>,
  },
};
