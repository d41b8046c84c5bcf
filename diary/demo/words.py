"""What the demo's people write, in their language."""

from collections.abc import Mapping
from typing import Final

Sentences = Mapping[str, tuple[str, ...]]

NOTES: Final[Sentences] = {
    "zh-CN": (
        "昨晚没睡好。", "今天外面吃饭，菜比较油。", "换了新的试纸。", "上午门诊抽血。",
        "加班，午饭晚了一个小时。",
        "孩子发烧，一夜没怎么睡。", "走亲戚，吃了一小块月饼。", "今天精神不错。", "手抖了一下，测了不低。",
        "针头换了牌子，有点疼。", "坐高铁出差，下午没测。", "爬山两个小时。",
    ),
    "en": (
        "Slept badly.", "Dinner out, more rice than usual.", "Opened a new pack of strips.",
        "Blood draw at the clinic this morning.", "Worked late, lunch was an hour late.",
        "Felt shaky but the meter said it was fine.", "Long walk along the river.", "Good day.",
        "On the train all afternoon, no test.", "A cold is going round the office.",
    ),
}  # fmt: skip
CALL_ME: Final[Sentences] = {
    "zh-CN": ("想问一下药的时间，请回电话。", "这两天手有点抖，想问问。", "下次门诊能改到周五吗？"),
    "en": ("Question about the timing of my capsules, please call.", "Can my visit move to Friday?"),
}
LATE: Final[Sentences] = {
    "zh-CN": ("手机没电了，记在纸上。", "出差，忘了记。", "昨天太忙，今天补上。", "手机落在单位了。"),
    "en": ("Phone was flat, wrote it on paper.", "Travelling, forgot.", "Busy day, catching up."),
}
CORRECTED: Final[Sentences] = {
    "zh-CN": ("按错了一个键。", "看错了，表上不是这个数。", "输错了。"),
    "en": ("Hit the wrong key.", "Misread the meter.", "Typing mistake."),
}
WITHDRAWN: Final[Sentences] = {
    "zh-CN": ("这是我爱人的血糖。", "记了两遍。", "测试新表，不是我的。"),
    "en": ("That was my wife's reading.", "Logged it twice.", "Tried the meter on a friend."),
}
# Too young, asleep, at school, unwell.
PROXY: Final[Sentences] = {
    "zh-CN": ("孩子还小，我来记。", "孩子在睡觉。", "孩子在上学，老师打来电话。", "孩子不舒服。"),
    "en": ("Too young to type.", "Asleep.", "At school, the teacher rang.", "Not feeling well."),
}
TRANSPLANTED: Final = {"zh-CN": "胰岛移植住院", "en": "Islet transplantation"}
DOSE_LATE: Final[Sentences] = {
    "zh-CN": ("在路上，到家才吃。", "睡过头了。", "饭后才想起来。"),
    "en": ("On the way home.", "Overslept.", "Remembered after supper."),
}
BREAKFAST: Final[Sentences] = {
    "zh-CN": ("豆浆、一个包子", "白粥、鸡蛋", "牛奶、全麦面包", "小馄饨"),
    "en": ("Porridge", "Toast and egg", "Yoghurt, muesli"),
}
MAIN_MEAL: Final[Sentences] = {
    "zh-CN": ("一碗米饭、青菜、鱼", "半碗米饭、鸡肉、豆腐", "面条、牛肉", "饺子十二个", "杂粮饭、虾、西兰花"),
    "en": ("Rice, fish, greens", "Noodles with beef", "Chicken salad, bread", "Pasta", "Dumplings"),
}
EXERCISE: Final[Sentences] = {
    "zh-CN": ("散步", "太极", "骑车上班", "游泳", "广场舞"),
    "en": ("Walk", "Cycling", "Swimming", "Gym"),
}
OTHER_MEDICINE: Final[Sentences] = {
    "zh-CN": ("对乙酰氨基酚 500 mg", "布洛芬 200 mg", "氯雷他定 10 mg"),
    "en": ("Paracetamol 500 mg", "Ibuprofen 200 mg", "Loratadine 10 mg"),
}
# What staff write when they close an alert, by what it was about.
RESOLUTIONS: Final[Mapping[str, Sentences]] = {
    "low": {
        "zh-CN": (
            "已电话联系，本人自行进食后恢复，复测正常，复习了低血糖处理。",
            "电话确认：运动后未加餐，已自行处理，无需他人帮助。",
            "与本人核对，血糖已回升，建议睡前加测一次。",
            "已联系，参与者清醒，已复测，胰岛素调整由主管医生另行告知。",
        ),
        "en": (
            "Called: treated it alone with juice, re-test normal. Went through the low plan again.",
            "Spoke on the phone. Skipped a snack after exercise, recovered unaided.",
            "Confirmed with the participant: recovered, will test at bedtime this week.",
            "Reached at the second try. Well, re-tested, doctor informed.",
        ),
    },
    "help": {
        "zh-CN": (
            "家属帮助后恢复，已按严重低血糖登记，当日随访。",
            "与家属通话，核实经过，已报告研究者并填写事件表。",
            "急救到场后恢复，未住院；研究者已评估。",
        ),
        "en": (
            "Spoke with the family, recovered with their help. Recorded as severe, followed up the same day.",
            "Family confirmed what happened; reported to the investigator, event form filled in.",
        ),
    },
    "late": {
        "zh-CN": ("补录的低血糖，已与本人核对，当时均自行处理。", "离线期间的记录，已逐条核对，无需处理。"),
        "en": ("Entered later; checked with the participant, all self-treated at the time.",
               "From the days offline. Gone through one by one, nothing further."),
    },
    "high": {
        "zh-CN": ("感冒引起的高血糖，酮体阴性，已嘱多饮水并加测。", "漏打一次餐前胰岛素，已纠正，复测下降。"),
        "en": ("High during a cold, ketones negative, extra tests agreed.",
               "Missed a mealtime dose, corrected, coming down on re-test."),
    },
    "doses": {
        "zh-CN": ("出差忘带药，已补发并约定药盒；谷浓度下周复查。", "呕吐未服，已就诊，恢复服药。"),
        "en": ("Left the box at home while travelling; pill box agreed, trough next week.",
               "Vomiting, seen at the clinic, taking them again."),
    },
    "illness": {
        "zh-CN": ("上呼吸道感染，门诊已看，体温已退。", "电话随访，体温正常，继续观察。"),
        "en": ("Upper airway infection, seen at the clinic, fever gone.", "Temperature normal, watching."),
    },
    "private": {
        "zh-CN": ("已在诊室单独沟通，妊娠试验阴性。",),
        "en": ("Discussed in private at the visit, pregnancy test negative.",),
    },
    "text": {
        "zh-CN": ("与本人核对，表上显示 LO，已重新录入。", "本人确认是输错，已改。"),
        "en": ("Checked with the participant: the meter showed LO, entered again.", "A slip, entered again."),
    },
    "other": {
        "zh-CN": ("已回电话，问题已解答。", "已电话沟通，与家长核对过经过。", "已核对，记录无误。"),
        "en": ("Called back, question answered.", "Checked with the participant, the record stands."),
    },
}  # fmt: skip
ABOUT: Final[Mapping[str, str]] = {
    "severe_value": "low", "lo": "low", "assistance": "help", "late_lows": "late", "high_running": "high",
    "missed_doses": "doses", "fever": "illness", "persistent_vomiting": "illness",
    "contraception_no": "private", "pregnancy_positive": "private", "refused_text": "text",
}  # fmt: skip
CALLED: Final[Sentences] = {
    "zh-CN": ("电话接通，清醒，已进食。", "电话接通，家属在旁，已复测。"),
    "en": ("Answered, awake, has eaten.", "Answered, family is there, re-tested."),
}
ON_REQUEST: Final[Sentences] = {
    "zh-CN": ("参与者在门诊要求更正，表上为此值。",),
    "en": ("Asked for at the visit: the meter shows this value.",),
}
CHECKED: Final[Sentences] = {
    "zh-CN": ("血糖仪存储记录，门诊当面核对。",),
    "en": ("Meter memory, seen at the visit.",),
}
WARD_CHART: Final[Sentences] = {"zh-CN": ("病房血糖记录单第 3 页。",), "en": ("Ward chart, page 3.",)}
ACCEPTED: Final[Sentences] = {
    "zh-CN": ("与血糖仪存储记录核对一致。", "与参与者的纸质记录核对一致，已留复印件。"),
    "en": ("Compared with the meter's memory at the visit.", "Matches the paper page, copy filed."),
}
VISIT_PURPOSE: Final[Sentences] = {
    "zh-CN": ("称体重、抽血、再看一遍生育能力。",),
    "en": ("Weight, blood, a look at fertility.",),
}
