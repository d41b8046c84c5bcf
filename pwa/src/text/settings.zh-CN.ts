/** The words of the settings: they come with the later screens. */
export const zh = {
  reminders: "提醒", remindersLead: "设置、测试、日历", title: "设置", language: "语言", textSize: "字的大小", theme: "颜色", auto: "跟手机", light: "亮", dark: "暗", unit: "血糖单位", unitNote: "要改请告诉医院。", install: "装到主屏幕", installGo: "装上",
  installIos: "在 Safari 里点“分享”，再点“添加到主屏幕”。", installAndroid: "在浏览器菜单里点“添加到主屏幕”或“安装”。", installed: "已经装在主屏幕上了。", storage: "记录的保存", storageKept: "手机答应不会自己清掉。", storageNot: "手机可能会清掉久不用的记录。装到主屏幕更稳。", storageAsk: "请手机留着",
  signOut: "退出", signOutTitle: "现在退出？", signOutWaiting: (n: number) => `还有 ${n} 条没发出。它们留在这部手机上，等您再登录时发。`, signOutLead: "已经送到的都在医院。", signOutGo: "退出", account: "编号", lockNow: "现在锁上", privacy: "谁能看到", privacyNote: "您记的只有医院的研究人员看得到。", update: "新版本准备好了。", updateGo: "现在换上",
};

export type SettingsWords = typeof zh;
