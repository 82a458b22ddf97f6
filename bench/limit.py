"""The bare limit: one file, Flask, sqlite3 and Jinja, one indexed query for 24 products, 28.8 KB of HTML.

No sessions, no sign-in, no cart, no translations: what a page of a shop cannot cost less than here.
`LIMIT_DATA` names its database.
"""

import os
import sqlite3
import threading
from collections.abc import Iterable
from functools import cache

from flask import Flask, render_template_string

SIZE = 28_800

PAGE = """<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Товары</title></head><body><h1>Товары</h1><ul>
{% for product in products %}<li class="card"><a href="/product/{{ product.id }}-{{ product.slug }}">
<img src="/media/{{ product.picture }}" width="320" height="320" alt=""><b>{{ product.name }}</b></a>
<p>{{ product.price }} ₽</p><form method="post" action="/cart/lines/{{ product.id }}"><button>В корзину</button></form>
<p>{{ padding }}</p></li>{% endfor %}</ul></body></html>"""

app = Flask(__name__)
_kept = threading.local()


def _connection() -> sqlite3.Connection:
    if not hasattr(_kept, "connection"):
        _kept.connection = sqlite3.connect(os.environ["LIMIT_DATA"])
        _kept.connection.row_factory = sqlite3.Row
    return _kept.connection  # type: ignore[no-any-return]


def _products() -> Iterable[sqlite3.Row]:
    return (
        _connection()
        .execute(
            "SELECT id, slug, name, picture, price FROM product WHERE category_id = ? ORDER BY popularity DESC LIMIT 24",
            (1,),
        )
        .fetchall()
    )


@cache
def _padding() -> str:
    """How much text makes the page as long as agreed."""
    bare = len(render_template_string(PAGE, products=_products(), padding="").encode())
    return "x" * max(0, (SIZE - bare) // 24)


@app.get("/")
def page() -> str:
    """Answer with a list of 24 products."""
    return render_template_string(PAGE, products=_products(), padding=_padding())


def fill(path: str, count: int) -> None:
    """Make the database: `count` products, a fiftieth of them in each category."""
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE product (id INTEGER PRIMARY KEY, category_id INT, popularity INT, slug TEXT, name TEXT, picture TEXT, price INT);"
        "CREATE INDEX shelf ON product (category_id, popularity DESC)"
    )
    connection.executemany(
        "INSERT INTO product VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (
                n,
                n % 50,
                n * 7919 % count,
                f"tovar-{n}",
                f"Чайник заварочный «Утро» {n}, керамика, 900 мл",
                f"{n % 182}.webp",
                990 + n % 9000,
            )
            for n in range(count)
        ),
    )
    connection.commit()
    connection.close()
