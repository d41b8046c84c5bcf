/** Words of the screens that are loaded when they are opened: reminders, and the site's questions. */
export const zh = {
  offer: { title: "要日记提醒您吗？", lead: "到了医院排好的时间，手机上出一句短短的话。别人看不出是什么事。", go: "去设置" },
  travel: {
    title: (place: string) => `手机现在用的是${place}。提醒也跟着改吗？`, titleChild: (place: string, who: string) => `手机现在用的是${place}。${who} 也在那里吗？提醒也跟着改吗？`, lead: (usual: string) => `现在按${usual}提醒。`,
    move: "跟着改", stay: "不改", moved: (place: string) => `以后按${place}提醒。`, waiting: "医院先看一下新的时间，免得两次药隔得太近或太远。", until: (usual: string) => `在那以前还按${usual}提醒。`,
    refused: "医院看过了：提醒先不改。", stays: (usual: string) => `还按${usual}提醒。吃药的时间请问医院。`,
  },
  title: "提醒",
  lead: "到了医院排好的时间，手机上出一句短短的话。不写研究，不写药，也不写是什么事。",
  sample: "锁屏上看到的",
  state: {
    on: "这部手机会提醒", off: "这部手机不提醒", denied: "手机不让日记发通知", install_first: "先把日记加到主屏幕",
    open_in_browser: "先在浏览器里打开日记", unable: "这个浏览器收不到提醒", unproved: "提醒送不到这部手机",
  },
  turnOn: "打开提醒", turningOn: "正在打开", turnOff: "关掉",
  askFirst: "接下来手机会问：可以让日记发通知吗？请点“允许”。",
  steps: {
    install_first: ["用 Safari 打开这一页。", "点“分享”。", "点“添加到主屏幕”。", "从主屏幕打开日记，再回到这里。"],
    open_in_browser: ["点右上角的三个点。", "点“在浏览器打开”。", "在那里登录，再回到这里。"],
    denied: ["打开手机的“设置”。", "找到“通知”，再找这个浏览器或日记。", "允许通知，再回到这里。"],
  } as Record<"install_first" | "open_in_browser" | "denied", string[]>,
  unable: "这个浏览器用不了通知。下面的日历一样会响。",
  unproved: "手机的推送服务 8 秒内没有回应。没有谷歌服务的手机常常这样。请用下面的日历。",
  notSending: "日记的服务器还没开通通知。请告诉医院，先用下面的日历。",
  others: "提醒也会发到", way: { message: "消息", sms: "短信" }, phones: (n: number) => `有 ${n} 部手机会提醒`,
  test: {
    title: "测试提醒", lead: "日记给您发一条测试，走的路和真的提醒一样。", go: "发一条测试", going: "正在测试", again: "再测一次",
    steps: { allowed: "手机允许通知", subscribed: "服务器认得这部手机", handed_over: "交给了推送服务", received: "到了这部手机", shown: "显示出来了" },
    word: { done: "好了", wait: "在等", broken: "停在这里", later: "还没到" },
    fine: "每一步都通，提醒送得到。",
    breaks: {
      allowed: "请先照上面的步骤允许通知。",
      subscribed: "手机没连上推送服务。请再打开一次提醒，或用日历。",
      handed_over: "服务器没交出去。请过一会儿再试，还是这样就告诉医院。",
      received: "推送服务收下了，手机还没收到。请看看网络，再看浏览器是不是被省电限制了。还是这样就用日历。",
      shown: "到了手机，但没显示。请看看手机的通知设置。",
    },
  },
  calendar: {
    title: "日历", lead: "把时间放进手机的日历，没有网也会响。", recommended: "这部手机最好用日历", file: "拿日历文件", fileLead: "导入一次就行。医院改了时间，再拿一次。",
    feedTitle: "会跟着变的日历", feedLead: "谁有这个网址，谁就看得到时间，别的看不到。有的日历不会响，更新也慢。",
    make: "要一个网址", copy: "复制网址", copied: "复制好了。", revoke: "停用网址", revoked: "网址停用了。", live: (day: string) => `从 ${day} 起有一个网址在用。`, read: (when: string) => `日历上次来看：${when}。`, unread: "还没有日历来看过。",
    once: "网址只显示这一次，请复制到日历里。", anew: "换一个网址",
  },
  question: {
    title: "医院的问题", closed: "这个问题已经关了。", gone: "这个问题找不到了。", about: "问的是", seeEntry: "看那条记录", right: "写的没错", correct: "写错了，去更正", own: "您的回答", send: "发送",
    sent: "医院收到您的回答了。", waits: "回答存在手机上，有网就发。", needText: "请写一句。", you: "您", site: "医院", answered: "答过了",
    rightText: "写的没错。",
  },
};
export type ReminderWords = typeof zh;
