"""Words with which strangers sell things in other people's texts, and the scripts that they use.

STRONG phrases stand in no report; WEAK ones may, and count only together with others.
"""

import re
import unicodedata
from html import unescape

_DRUGS = "viagra|cialis|levitra|kamagra|xanax|tramadol|oxycontin|ambien|phentermine|propecia|valium|modafinil"
_PAPERS = "essays?|term papers?|research papers?|dissertations?|coursework|assignments?|thesis"
STRONG = [
    rf"(?:buy|cheap|order|generic|discount|purchase|get) (?:(?:a|an|the|cheap|generic|real) )*(?:{_DRUGS})",
    rf"(?:{_DRUGS}) (?:online|pills?|for sale|without (?:a )?prescription|cheap|price)",
    rf"(?:buy|cheap|custom|order|pay for|write my|do my|best) (?:(?:a|an|your|my|custom|cheap) )*(?:{_PAPERS})",
    r"(?:essay|paper|dissertation) writ(?:ing|er) (?:services?|help|online)",
    r"(?:casino|no deposit|welcome|sign ?up|betting) bonus(?:es)?(?: codes?)?",
    r"free spins", r"(?:best|top|new|real money|trusted) (?:online )?casinos?(?: (?:online|sites?|games?|slots?))+",
    r"(?:best|top|real money|trusted) online casinos?", r"(?:play|win) (?:online )?(?:slots|casino|poker) (?:online|for real money|free)",
    r"casino (?:slots?|games?) (?:online|free|for real money)", r"(?:slot|judi|situs|agen|bandar|link) (?:gacor|online|slot|bola|togel|deposit|maxwin|poker)",
    r"togel(?: online)?", r"slot88|slot777|gacor", r"(?:bad credit |instant |online )?payday loans?(?: online)?", r"(?:instant|fast|quick) cash loans?",
    r"(?:replica|fake) (?:watches|handbags|rolex|shoes|designer \w+)", r"cheap (?:nfl|nba|mlb|nhl|soccer) jerseys", r"(?:louis vuitton|gucci|michael kors|ugg|nike air max) (?:outlet|replica|sale|cheap)",
    r"(?:free |hd )?porn (?:videos?|movies?|tube|sites?)", r"(?:sex|adult|webcam) (?:chat|cams?|dating)(?: (?:online|free|sites?))?", r"escort (?:girls?|services?|agency)",
    r"(?:1xbet|1win|mostbet|melbet|pin[- ]?up|vavada|parimatch) (?:promo ?codes?|bonus|casino|mirror|apk|download|зеркало|казино|бонус|промокод|официальный сайт)",
    r"buy (?:instagram |youtube |twitter |real )?(?:followers|subscribers|backlinks|likes)", r"seo backlinks",
    # Russian
    r"бездепозитн\w+ бонус\w*", r"фрис?пин\w*", r"(?:играть|поиграть|играйте) (?:в )?(?:онлайн )?(?:казино|слот\w*|(?:игров\w+ )?автомат\w*)",
    r"игров\w+ автомат\w+ (?:бесплатно|онлайн|на деньги|вулкан|без регистрации|играть)", r"казино (?:вулкан|онлайн бесплатно|на деньги|бонус\w*|зеркало|официальный сайт|играть|с бонусом)",
    r"(?:онлайн[- ])?казино (?:вулкан|х|икс|джокер|вавада|пин[- ]?ап)", r"рабочее зеркало", r"(?:купить|заказать|продажа) (?:\w+ ){0,2}(?:виагр\w+|сиалис\w*|дженерик\w*|диплом\w*|аттестат\w*|курсов\w+|реферат\w*|подписчик\w*|закладк\w+|медсправк\w+)",
    r"(?:микро)?за[йе]м\w* (?:онлайн|на карту|без отказа|без проверок|срочно)(?: на карту| без отказа| онлайн)*", r"порно (?:видео|онлайн|ролики|бесплатно|фильмы)", r"(?:проститутк\w+|индивидуалк\w+|интим[- ]?услуг\w+) \w+",
    # Russian in Latin letters
    r"(?:kazino|casino) (?:onlai?[nj]n?|vulkan|vulcan|bonus|zerkalo|na dengi)", r"(?:online?|onlai?n|onlajn) kazino", r"igrov\w+ avtomat\w*", r"igrat (?:v )?(?:kazino|sloty|avtomaty)", r"kupit (?:\w+ )?(?:diplom\w*|viagr\w+|spravk\w+|attestat\w*|referat\w*)", r"za[iy]m\w* (?:onlai?n|na kartu|bez otkaza)", r"porno (?:video|onlai?n|besplatno)", r"bukmeker\w* kontor\w* zerkalo",
]  # fmt: skip
WEAK = [
    r"online (?:casinos?|poker|gambling|betting|slots?)", r"casinos?", r"slot machines?", r"poker", rf"(?:{_DRUGS})", r"jackpots?", r"roulette", r"blackjack", r"sports? betting", r"essay writing",
    r"онлайн[- ]?казино", r"казино", r"казино онлайн", r"игров\w+ автомат\w*", r"букмекер\w*", r"рулетк\w+", r"джекпот\w*", r"виагр\w+", r"vulkan", r"kazino",
]  # fmt: skip
# In their own scripts, whatever stands around them.
FOREIGN = [
    "สล็อต", "บาคาร่า", "คาสิโน", "พนัน", "เว็บตรง", "แทงบอล", "หวย",
    "赌场", "博彩", "老虎机", "百家乐", "赌博网", "真人娱乐", "彩票网", "色情", "代孕",
    "カジノ", "パチンコ", "スロット", "激安", "コピー品", "ブランドコピー", "スーパーコピー", "偽物", "카지노", "토토사이트", "바카라", "슬롯", "먹튀",
    "كازينو", "قمار", "سلات", "शर्त", "सट्टा", "קזינו",
]  # fmt: skip

_HOST = re.compile(
    r"casino|kazino|(?:^|[.-])slots?(?:$|[.\d-])|slotonline|poker|betting|1xbet|1xslots|mostbet|melbet|1win|pinup|pin-up|vulkan|vavada|"
    r"viagra|cialis|levitra|pharmacy|onlinepharm|pills|(?:^|[.-])meds|essay|writemy|payday|quickloan|loans|porn|xxx|(?:^|[.-])sex|"
    r"escort|replica|togel|gacor|backlink|(?:^|[.-])zaim|kupit-?diplom"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_strong = re.compile(rf"(?<!\w)(?:{'|'.join(STRONG)})(?!\w)")
_weak = re.compile(rf"(?<!\w)(?:{'|'.join(WEAK)})(?!\w)")
_foreign = re.compile("|".join(FOREIGN))
# One of these is in all of the above: looking for them first is fast.
_SUSPECT = (
    "casino kazino казино viagr виагр cialis сиалис levitra kamagra xanax tramadol oxycontin ambien phentermine propecia valium modafinil "
    "essay paper dissertation coursework assignment thesis bonus spins slot слот poker togel gacor judi situs gambling betting jackpot roulette blackjack "
    "loan replica jerseys outlet porn порно sex adult webcam escort xbet 1win mostbet melbet pinup pin-up vavada parimatch вулкан vulkan vulcan followers "
    "subscribers backlink likes фриспин фрипин автомат зеркало диплом аттестат курсов реферат подписчик закладк медсправк дженерик займ заем проститут индивидуалк интим "
    "avtomat kupit zaim zaym bukmeker fake ugg gucci vuitton nike kors бонус букмекер рулетк джекпот пин"
).split()


def words_of(text):
    """``text`` as phrases are looked for in it: small letters, one space, nothing invisible."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", unescape(text))).lower()
    return " ".join(text.replace("‑", "-").split())


def phrases(text):
    """The strong and the weak phrases in words that ``words_of`` gave, as two sets."""
    if not any(word in text for word in _SUSPECT):
        return set(), set()
    strong = {match[0] for match in _strong.finditer(text)}
    weak = {match[0] for match in _weak.finditer(text)} - strong
    return strong, weak


def foreign(text):
    """What is sold in scripts of the Far and the Middle East, as a set of words."""
    return set(_foreign.findall(text))


def is_selling_host(host):
    return bool(_HOST.search(host.lower()))
