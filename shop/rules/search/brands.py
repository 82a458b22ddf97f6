"""Brands in two alphabets: «Bosch» is asked for as «бош», «Самсунг» as "samsung"."""

import re

# Where the letters don't tell how Russians say it.
_SAID = {
    "acer": "эйсер асер", "adidas": "адидас", "aeg": "аег", "airpods": "аирподс эирподс эйрподс", "apple": "эпл эппл апл",
    "ariston": "аристон", "asus": "асус", "baseus": "басеус бейсус", "beko": "беко", "bosch": "бош", "braun": "браун",
    "brother": "бразер", "candy": "канди", "canon": "кэнон канон", "casio": "касио", "colgate": "колгейт",
    "daewoo": "дэу", "dell": "делл", "delonghi": "делонги", "dyson": "дайсон", "electrolux": "электролюкс", "epson": "эпсон",
    "garmin": "гармин", "google": "гугл", "gopro": "гопро", "gorenje": "горенье", "haier": "хайер хаер",
    "harman": "харман", "hisense": "хайсенс хисенс", "hitachi": "хитачи", "honor": "хонор", "hotpoint": "хотпоинт",
    "hp": "хп", "huawei": "хуавей хуавэй", "hyundai": "хендай хундай хендэ", "ikea": "икеа", "imac": "аймак", "indesit": "индезит",
    "infinix": "инфиникс", "intel": "интел", "ipad": "айпад", "iphone": "айфон", "jbl": "жбл джбл", "kingston": "кингстон",
    "kitchenaid": "китченэйд", "lego": "лего", "lenovo": "леново", "lg": "лж элджи", "liebherr": "либхер",
    "logitech": "логитек логитеч", "macbook": "макбук", "makita": "макита", "maunfeld": "маунфелд", "microsoft": "майкрософт",
    "midea": "мидеа мидея", "miele": "миле", "moulinex": "мулинекс", "msi": "мси", "nike": "найк", "nikon": "никон",
    "nintendo": "нинтендо", "nokia": "нокиа", "nvidia": "нвидиа", "oneplus": "ванплас", "oppo": "оппо", "oral": "орал",
    "panasonic": "панасоник", "philips": "филипс", "pioneer": "пионер", "playstation": "плейстейшен плейстейшн", "poco": "поко",
    "polaris": "поларис", "puma": "пума", "razer": "рейзер", "realme": "реалми реалме", "redmi": "редми", "redmond": "редмонд",
    "reebok": "рибок", "samsung": "самсунг", "scarlett": "скарлет", "siemens": "сименс", "sony": "сони", "stinol": "стинол",
    "tefal": "тефаль", "toshiba": "тошиба", "vitek": "витек", "weissgauff": "вайсгауф", "whirlpool": "вирпул",
    "xbox": "иксбокс хбокс", "xiaomi": "сяоми ксиоми ксяоми", "yandex": "яндекс", "zanussi": "занусси",
    "bluetooth": "блютуз", "wifi": "вайфай", "smart": "смарт", "gaming": "гейминг", "galaxy": "гэлакси галакси",
    "max": "макс", "pro": "про", "plus": "плюс", "mini": "мини", "air": "эйр", "watch": "вотч", "buds": "бадс", "note": "нот",
}  # fmt: skip

_PAIRS = (
    ("shch", "щ"), ("sch", "ш"), ("tch", "ч"), ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х"), ("ph", "ф"), ("th", "т"),
    ("ck", "к"), ("qu", "кв"), ("ya", "я"), ("yu", "ю"), ("yo", "е"), ("ye", "е"), ("oo", "у"), ("ee", "и"), ("ts", "ц"),
    ("ei", "ей"), ("ai", "ай"), ("oi", "ой"), ("ay", "ай"), ("ey", "ей"), ("oy", "ой"), ("ia", "ия"),
    ("ce", "се"), ("ci", "си"), ("cy", "си"), ("a", "а"), ("b", "б"), ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"),
    ("g", "г"), ("h", "х"), ("i", "и"), ("j", "дж"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"),
    ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"), ("x", "кс"), ("y", "и"), ("z", "з"),
)  # fmt: skip
_READ = dict(_PAIRS)
_READING = re.compile("|".join(letters for letters, _ in _PAIRS))
_DOUBLE = re.compile(r"(.)\1+")
# Russian words typed in Latin letters, such as "chajnik" in an address.
_BACK = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"), ("ya", "я"),
    ("ju", "ю"), ("ja", "я"), ("yo", "е"), ("jo", "е"), ("a", "а"), ("b", "б"), ("c", "ц"), ("d", "д"), ("e", "е"), ("f", "ф"),
    ("g", "г"), ("h", "х"), ("i", "и"), ("j", "й"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"),
    ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"), ("x", "кс"), ("y", "ы"), ("z", "з"),
)  # fmt: skip
_WRITTEN = dict(_BACK)
_WRITING = re.compile("|".join(letters for letters, _ in _BACK))
_FINAL_Y = re.compile(r"(?<=[aeiouy])y\b|(?<=[aeou])i(?=[^aeiouy]|\b)")


def is_latin(word: str) -> bool:
    """True for a word of plain Latin letters."""
    return word.isascii() and word.isalpha()


def spellings(word: str) -> tuple[str, ...]:
    """Return how Russians write a Latin word when they write what they hear; nothing for other words."""
    if not is_latin(word) or len(word) < 2:
        return ()
    if word in _SAID:
        return tuple(_SAID[word].split())
    if len(word) < 3:
        return ()
    read = _READING.sub(lambda match: _READ[match.group()], word)
    return tuple(dict.fromkeys((read, _DOUBLE.sub(r"\1", read))))


def meant_in_russian(word: str) -> tuple[str, ...]:
    """Return the Russian words that a Latin one may stand for: "chajnik" and "chainik" are «чайник»."""
    if not is_latin(word) or len(word) < 4:
        return ()
    soft = _FINAL_Y.sub("j", word)
    written = (_WRITING.sub(lambda match: _WRITTEN[match.group()], form) for form in (soft, word))
    return tuple(dict.fromkeys(written))
