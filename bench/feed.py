"""A feed of any size, the same for the same size: what a large merchant would hand over."""

import random
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

SEED = 20261124
THINGS = (
    "чайник кружка лампа плед книга рюкзак куртка перчатки кроссовки мяч гантель коврик щётка полка кресло стол ваза подушка "
    "скатерть термос нож доска сковорода кастрюля миксер весы часы наушники клавиатура мышь зарядка фонарь палатка самокат"
).split()
KINDS = "складной дорожный детский зимний летний керамический деревянный стальной мягкий прочный лёгкий тёплый яркий тихий умный большой".split()
BRANDS = [
    f"{start}{end}"
    for start in ("Север", "Лад", "Вер", "Тул", "Кам", "Онег", "Нев", "Яр")
    for end in ("ия", "ода", "ком", "град", "лайн")
]
COLORS = "белый чёрный синий зелёный красный серый жёлтый песочный".split()
# Every offer's description has it: the common word of the search.
COMMON = "доставка"
DEPARTMENTS, SHELVES = 14, 5


def write(path: Path, count: int) -> None:
    """Write `count` offers; the first department holds half of them, so that it has a page 50."""
    chance = random.Random(SEED)
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<yml_catalog date="2026-11-24 12:00"><shop><name>Мера</name><company>Мера</company>\n'
        )
        file.write(
            '<url>http://localhost</url><currencies><currency id="RUB" rate="1"/></currencies>\n<categories>\n'
        )
        file.writelines(_categories())
        file.write("</categories>\n<offers>\n")
        for number in range(1, count + 1):
            file.write(_offer(number, chance))
        file.write("</offers></shop></yml_catalog>\n")


def rare_word(number: int = 777) -> str:
    """The word that only one offer has."""
    return f"модель{number}"


def _categories() -> Iterator[str]:
    for department in range(1, DEPARTMENTS + 1):
        yield f'<category id="{department}">Отдел {department}</category>\n'
        for shelf in range(1, SHELVES + 1):
            yield f'<category id="{department}{shelf:02d}" parentId="{department}">Полка {department}-{shelf}</category>\n'


def _offer(number: int, chance: random.Random) -> str:
    department = 1 if number % 2 else chance.randint(2, DEPARTMENTS)
    thing, kind, brand, color = (chance.choice(words) for words in (THINGS, KINDS, BRANDS, COLORS))
    price = chance.randint(90, 60_000)
    old = f"<oldprice>{price + price // 4 + 1}</oldprice>" if chance.random() < 0.3 else ""
    name = f"{thing.capitalize()} {kind} «{brand}», {color}, {rare_word(number)}"
    stock = "".join(
        f'<outlet id="{code}" instock="{chance.randint(1, 400)}"/>'
        for code in ("tver", "podolsk")
        if chance.random() < 0.8
    )
    return (
        f'<offer id="{number}" available="true"><name>{escape(name)}</name><vendor>{brand}</vendor><vendorCode>A-{number:06d}</vendorCode>'
        f"<barcode>{4_600_000_000_000 + number}</barcode><price>{price}</price>{old}<currencyId>RUB</currencyId>"
        f"<categoryId>{department}{chance.randint(1, SHELVES):02d}</categoryId>"
        f"<description>{thing.capitalize()} для дома и дороги: {kind}, {color}. Быстрая {COMMON} и {chance.randint(12, 36)} месяцев гарантии.</description>"
        f'<param name="Цвет">{color}</param><param name="Гарантия" unit="мес">{chance.randint(12, 36)}</param>'
        f"<weight>{chance.randint(1, 90) / 10}</weight><dimensions>{chance.randint(5, 60)}/{chance.randint(5, 40)}/{chance.randint(2, 30)}</dimensions>"
        f"<outlets>{stock}</outlets></offer>\n"
    )
