# ruff: noqa: E501 (patterns)
"""Persons' names, known by what stands beside them; a name without a cue is found only by the export's own columns."""

from __future__ import annotations

_CLEAR = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭林马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾魏薛叶阎潘杜戴汪姜范姚谭廖"
    "邹熊陆郝孔崔邱秦江顾侯邵孟龙段钱汤尹黎贺赖龚"
)
_ALSO_WORDS = (
    "何高于余丁夏田任钟石金韦付方白毛邢史万武乔殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍申尤毕聂丛焦向柳辛管莫项祝左涂"
    "谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄裴符成游阳景喻古栾房鲍苟饶庞柯阮单岳闵解齐覃简鞠商康苑仇占柴司盖全瞿"
)
_DOUBLE = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|长孙|宇文|轩辕|端木"
SURNAME = f"(?:{_DOUBLE}|[{_CLEAR}{_ALSO_WORDS}])"
_CLEAR_SURNAME = f"(?:{_DOUBLE}|[{_CLEAR}])"
# no given names: words of an illness or of grammar that follow a surname's character by accident
_GIVEN = r"[\p{Han}--[疸疽痛热烧压糖期序因诉自来入出复要家术后前内外科院病症状治疗药性的了与及在有无不]]"
_PATIENT = "(?:患者|病人|患儿|病员)"
_LATIN = r"\p{Lu}[\p{Ll}\p{Lu}'’]*\p{Ll}(?:-\p{Lu}\p{Ll}+)?"

NAME_PATTERNS = (
    rf"(?:姓 ?名|联系人|监护人)[:为是 ]{{0,3}}({SURNAME}[\p{{Han}}·]{{1,3}})",
    rf"{_PATIENT}[,: ]{{0,2}}({SURNAME}\p{{Han}}{{1,2}})[,、 (]{{1,2}}(?:男|女|\d{{1,3}} ?岁)",
    rf"{_PATIENT}({_CLEAR_SURNAME}{_GIVEN}{{1,2}})(?:因|诉|自述|自诉|来院|来诊|入院|出院|复诊|要求)",
    rf"({SURNAME}\p{{Han}}{{0,2}})(?:先生|女士|小姐)",
    rf"(?-u:\b)(?:Herrn?|Frau|Mr\.?|Mrs\.?|Ms\.?|Miss|Mme|Madame|Monsieur) +(?:(?:Prof\.|Dr\.) +)*({_LATIN}(?: {_LATIN}){{0,2}})",
    rf"(?i:\bpatient(?:in|en)?[ \-]?(?:'s )?name|\bname (?:des|der|of the) patient(?:en|in)?|\bpat\. ?name"
    rf"|\b(?:vor|nach|familien)name|\bsurname|\b(?:first|last|full|family|given) name) ?[:=] ?({_LATIN}(?:,? {_LATIN}){{0,2}})",
    rf"(?:^|[.;,] ?)(?:Name|NAME) ?: ?({_LATIN},? {_LATIN})",
)

COLUMN_NAMES = {
    "name": r"(?i)^(?:(?:患者|病人|患儿|联系人|家属|监护人)?姓 ?名|(?:pat(?:ient)?|first|last|full|given|family|sur|maiden)(?:en|in)?[ _.\-]?name|name[ _](?:first|last)|(?:vor|nach|familien|geburts)name|surname)$",
    "number": r"(?i)^(?:身份证(?:号码?)?|公民身份号码|护照号码?|医保卡?号|社保卡?号|ssn|social security.*|nhs[ _]?(?:no|number)|kvnr|versichertennummer|passport.*)$",
    "telephone": r"(?i)^(?:.*(?:联系电话|手机号?码?|电话号?码?)|(?:tele)?phone(?:[ _]?(?:no|number|\d))?|tele?phone_?\d?|mobile(?:[ _]?(?:no|number))?|telefon(?:nummer)?|handy(?:nummer)?|cell[ _]?phone)$",
    "address": r"(?i)^(?:(?:家庭|现|户籍|联系)?(?:住址|地址)|(?:home[ _]|postal[ _]|street[ _]?)?address|adresse|anschrift|stra(?:ß|ss)e|street)$",
}
"""Columns named for an identifier, and (VALUES) what a cell must look like to be one."""

VALUES = {
    "name": rf"^(?:{SURNAME}\p{{Han}}{{1,3}}|\p{{Han}}+·\p{{Han}}+|{_LATIN}(?:,? {_LATIN})*)$",
    "number": r"\d[ \-]?\d[ \-]?\d[ \-]?\d",
    "telephone": r"(?:\d[ ()/.\-]{0,2}){7}",
    "address": r"\p{L}.{5,}",
}
