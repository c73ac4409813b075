"""One spelling for what people write in many: the key under which every list, map and text is looked up.

`normalise` keeps the words and the separators that carry meaning (comma, bracket, slash, question mark); `key`
is what remains for an exact look-up. Both are applied to lists and texts alike, so that a folding which looks
crude ('oe' to 'e') only has to be the same on both sides; a test proves that it makes no two entries of a shipped
list equal.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Traditional and variant characters, each followed by the simplified one that the lists use. Characters of
# several readings (乾, 髮, 癥) take the medical one: the result is a look-up key, not a text to print.
_HAN_PAIRS = (
    "萬万與与專专叢丛兩两嚴严臨临為为爲为麗丽義义烏乌樂乐書书亂乱爭争於于虧亏亞亚產产親亲億亿僅仅從从"
    "侖仑倉仓儀仪價价衆众優优會会偉伟傳传傷伤倫伦體体餘余側侧傾倾兒儿蘭兰關关興兴養养獸兽內内冊册寫写"
    "軍军農农鼕冬衝冲決决況况凍冻淨净準准減减幾几鳳凤凱凯擊击劃划劉刘則则剛刚創创刪删別别製制劑剂剝剥"
    "劇剧辦办務务動动勞劳勢势區区醫医華华協协單单賣卖佔占盧卢臥卧衛卫衞卫廠厂曆历歷历壓压厭厌廁厕縣县"
    "參参雙双發发髮发變变臺台葉叶號号閤合後后嗎吗聽听啓启啟启嘔呕員员週周嚥咽響响啞哑脣唇喚唤囑嘱迴回"
    "團团園园圍围國国圖图圓圆聖圣場场壞坏塊块堅坚壇坛墳坟墜坠墊垫埡垭墮堕牆墙壯壮聲声處处備备復复複复"
    "夠够頭头夾夹奪夺奮奋奧奥婦妇媽妈婁娄婭娅嬰婴孫孙學学寧宁寶宝實实寵宠審审憲宪宮宫寬宽對对尋寻導导"
    "壽寿將将爾尔塵尘嘗尝屍尸侷局層层屬属歲岁豈岂崗岗島岛嶺岭鉅巨鞏巩幣币師师帳帐帶带幫帮乾干幹干並并"
    "併并廣广慶庆牀床庫库應应廟庙龐庞廢废開开異异棄弃張张彌弥瀰弥彎弯彈弹強强歸归當当錄录徹彻徵征徑径"
    "憶忆誌志憂忧懷怀態态憐怜總总戀恋恆恒懇恳噁恶惡恶懸悬驚惊懼惧慘惨憊惫慣惯癒愈願愿懾慑懶懒戲戏戰战"
    "戶户撲扑託托執执擴扩掃扫揚扬擾扰撫抚拋抛搶抢護护報报擔担擬拟攏拢擁拥擇择掛挂摯挚擋挡擠挤揮挥損损"
    "撿捡換换據据攝摄擺摆搖摇攤摊撐撑敵敌數数齋斋鬥斗斷断無无舊旧時时曠旷晝昼顯显晉晋曬晒曉晓暈晕暫暂"
    "術术機机殺杀雜杂權权條条來来楊杨鬆松極极構构樞枢櫃柜標标棧栈棟栋欄栏樹树樣样覈核橈桡檔档橋桥檢检"
    "欖榄橫横歡欢歐欧慾欲殲歼殘残毀毁燬毁畢毕斃毙氈毡氣气氫氢氬氩匯汇彙汇漢汉汙污湯汤沈沉溝沟沒没瀝沥"
    "淪沦滄沧註注淚泪瀉泻潑泼澤泽潔洁灑洒淺浅漿浆澆浇濁浊測测濟济渾浑濃浓塗涂濤涛澇涝潤润漲涨澱淀淵渊"
    "漸渐漁渔滲渗灣湾溼湿濕湿潰溃滾滚滯滞滿满濾滤濫滥濱滨潛潜滅灭燈灯靈灵竈灶災灾爐炉點点煉炼爍烁爛烂"
    "燭烛煙烟煩烦燒烧熱热愛爱爺爷牽牵犢犊狀状猶犹獨独狹狭獅狮瑪玛環环現现瑤瑶電电療疗瘧疟瘍疡瘡疮瘋疯"
    "皰疱癥症癰痈痙痉癢痒瘓痪癇痫痺痹瘻瘘癱瘫癮瘾癩癞癬癣鹽盐監监蓋盖盤盘著着睜睁瞼睑睪睾矯矫礦矿碼码"
    "磚砖礪砺礎础確确礙碍鹼碱禮礼禍祸離离種种祕秘積积稱称穩稳窮穷竊窃竅窍窩窝竇窦豎竖競竞篤笃筆笔箋笺"
    "簽签籤签類类糞粪繫系緊紧糾纠紅红纖纤約约級级紀纪緯纬純纯紗纱綱纲納纳縱纵紛纷紙纸紋纹紡纺線线練练"
    "組组細细織织終终紹绍經经綁绑絨绒結结繞绕繪绘給给絡络絕绝統统繼继緒绪續续繩绳維维綿绵綜综綠绿綴缀"
    "緩缓締缔編编緣缘縫缝縮缩網网羅罗罰罚羥羟恥耻聾聋職职聯联肅肃腸肠膚肤腎肾腫肿脹胀脅胁膽胆勝胜脛胫"
    "膠胶脈脉臟脏髒脏臍脐腦脑膿脓脫脱臉脸臘腊膕腘齶腭膩腻騰腾臏膑艦舰艱艰艷艳豔艳藝艺節节蘆芦甦苏蘇苏"
    "蘋苹範范莖茎薦荐蕩荡榮荣藥药萊莱蓮莲獲获蘿萝營营蕭萧藍蓝虜虏慮虑虛虚蟲虫雖虽蝦虾蝕蚀蟻蚁蠻蛮蠟蜡"
    "蠑蝾補补錶表襲袭裝装褲裤見见觀观規规視视覽览覺觉觸触譽誉計计訂订認认討讨讓让訓训議议訊讯記记講讲"
    "許许論论設设訪访證证評评識识訴诉診诊詞词譯译試试話话詢询該该詳详語语誤误誘诱說说説说請请諸诸諾诺"
    "讀读課课調调談谈謝谢謹谨譜谱穀谷貝贝負负賢贤敗败貨货質质貧贫購购貫贯貼贴貴贵費费資资賽赛贈赠贏赢"
    "趙赵趨趋躍跃蹠跖踐践蹤踪軀躯車车轉转輪轮軟软軸轴輕轻載载較较輔辅輛辆輸输辭辞邊边達达遷迁過过邁迈"
    "運运還还這这進进遠远連连遲迟跡迹蹟迹適适選选遜逊遞递邏逻遺遗郵邮鄰邻鬱郁鄭郑醬酱釀酿釋释裏里裡里"
    "鑑鉴鑒鉴針针釘钉鈣钙鈦钛鈍钝鍾钟鐘钟鈉钠鋼钢鑰钥錢钱鉀钾鐵铁鉑铂鉛铅銅铜銀银鍊链鏈链銷销鎖锁鋅锌"
    "銳锐鋭锐錯错錫锡錐锥鍵键鎂镁鎮镇鏡镜長长門门閉闭問问間间悶闷閘闸聞闻閥阀閣阁閱阅閲阅闊阔隊队陽阳"
    "陰阴陣阵階阶際际陸陆陳陈險险隨随隱隐難难雛雏霧雾黴霉靜静麪面麵面韌韧頁页頂顶項项順顺須须鬚须顧顾"
    "頓顿預预顱颅領领頚颈頸颈頰颊頜颌頻频顆颗題题顎颚顏颜顔颜額额顳颞顫颤風风飛飞飢饥飯饭飲饮飼饲館馆"
    "馬马驅驱駝驼駕驾罵骂驗验騙骗驟骤臗髋髖髋髕髌魚鱼魯鲁鮑鲍鮮鲜雞鸡鳴鸣鴨鸭麥麦痲麻黃黄粘黏齊齐齒齿"
    "齡龄齦龈龍龙"
)
_HAN = str.maketrans(_HAN_PAIRS[::2], _HAN_PAIRS[1::2])

_MARKS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣ー", "-"),
        **dict.fromkeys("∼˜〜∽", "~"),
        **dict.fromkeys("'’‘`´′\"“”„«»″「」『』", ""),
        **dict.fromkeys("[【{〔〈《", "("),
        **dict.fromkeys("]】}〕〉》", ")"),
        **dict.fromkeys("、，", ","),
        **dict.fromkeys("·•∙・‧_", " "),
        **dict.fromkeys("∕⁄", "/"),
        **dict.fromkeys("≥≧⩾", ">="),
        **dict.fromkeys("≤≦⩽", "<="),
        "；": ";",
        "：": ":",
        "。": ".",
        "×": "x",
        "→": ">",
        "⇒": ">",
    }
)
_FOLDED = _HAN | _MARKS
_COMMON = re.compile("[ -~\u4e00-\u9fff]*")
_SIGNS = re.compile("[™®©℠]")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "œ": "oe", "ø": "oe", "ß": "ss", "ı": "i", "ł": "l"}
)
_INVISIBLE = re.compile("[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_DIGRAPH = re.compile("[ao]+e")
_OUR = re.compile("(tum|fav|behavi|col)our")
_ISE = re.compile(r"is(e[drs]?|ing|ation)\b")
_IDLE_SPACE = re.compile(
    r" (?:(?=[,;:/+()<>=~])|(?<=[,;:/+()<>=~] )|(?<=[\u3400-\u9fff] )(?=[\u3400-\u9fff]))"
)  # beside a mark, or between two Chinese characters
_NEO = re.compile(r"\(neo-?\)-?(?=ad)")
_PD_L1 = re.compile(r"(?<![a-z])pd-?\(l\)-?1")
_SIGNED = {"+": "(positive)", "-": "(negative)"}
_SIGN = re.compile(r"\(([+-])\)")
_ROMAN_RANGE = re.compile(r"(?<![a-z])([ivx]+[abc]?)-([ivx]+[abc]?)(?![a-z])")
_DASHED = re.compile(r"(?<=\d) ?[-~] ?(?=\d)")

# Between two digits a point, dash, comma or space separates numbers ('1-2', '1.0'); elsewhere it is mere style.
_LOOSE = re.compile(r"(?<!\d)[ .,;:\-()]+|[ .,;:\-()]+(?!\d)")


_FIGURES = re.compile(r"[0-9]+(?:[./-][0-9]+)*")


def _plain_letters(text: str) -> str:
    """Width, case, accents, umlauts, Chinese variants and marks folded."""
    if _COMMON.fullmatch(text):
        return text.lower().translate(_FOLDED)
    text = unicodedata.normalize("NFKC", _SIGNS.sub("", text)).casefold()
    text = unicodedata.normalize("NFKC", text).translate(_UMLAUTS)
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
    return _INVISIBLE.sub("", text).translate(_FOLDED)


@lru_cache(maxsize=200_000)
def _once(text: str) -> str:
    text = _plain_letters(text)
    if "ae" in text or "oe" in text:
        text = _DIGRAPH.sub("e", text)
    if "our" in text:
        text = _OUR.sub(r"\1or", text)
    if "is" in text:
        text = _ISE.sub(r"iz\1", text)
    text = text.replace("leuc", "leuk").replace("sulph", "sulf")
    text = _IDLE_SPACE.sub("", " ".join(text.split()))
    if "-" in text or "~" in text or "(" in text:
        text = _ROMAN_RANGE.sub(r"\1~\2", _SIGN.sub(lambda sign: _SIGNED[sign[1]], _DASHED.sub("-", text)))
        text = _NEO.sub("neoadjuvant/", _PD_L1.sub("pd-1/pd-l1", text))
    return text.strip()


@lru_cache(maxsize=200_000)
def normalise(text: str) -> str:
    """The text in one spelling, words and separators kept: `normalise(normalise(t)) == normalise(t)`.

    Folded: width and compatibility forms (NFKC), case, accents and umlauts, ae/oe to e (haem, oedema), tumour
    and tumor, -ise and -ize, traditional characters and 粘, quotes, dashes, brackets, punctuation, spaces.
    """
    if _FIGURES.fullmatch(text):  # nearly every number and date of an export; nothing in them is folded
        return text
    folded = _once(text)
    while (again := _once(folded)) != folded:
        folded = again
    return folded


@lru_cache(maxsize=200_000)
def key(text: str) -> str:
    """The look-up key: the normal form without spaces, brackets, hyphens and stops, save those between digits.

    A question mark, slash, plus, comparison or arrow stays, since it can change the meaning.
    """
    squeezed = normalise(text)
    while (again := _LOOSE.sub("", squeezed)) != squeezed:
        squeezed = again
    return squeezed or normalise(text)


def words(text: str) -> list[str]:
    """The Latin words and numbers and the runs of Chinese characters of a normal form, in order."""
    return re.findall(r"[a-z0-9]+|[\u3400-\u9fff]+", text)
