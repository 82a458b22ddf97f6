"""flask demo: goods, towns and people to try the shop with."""

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import AppGroup
from flask_babel import gettext

from shop.cli.feeds import tell
from shop.queries.feeds import report_of
from shop.services.auth import appoint
from shop.services.auth.vouching import open_confirmed_account
from shop.services.catalog import NewWarehouse, put_warehouses
from shop.services.certificates import WordIsTaken, issue_free, make_campaign, open_free_card
from shop.services.delivery import NewPickupPoint, NewPlace, put_pickup_points, put_places
from shop.services.feeds import import_feed
from shop.web.context import config

commands = AppGroup("demo", help="Fill the shop with goods, towns and people to try it with.")

DEMO = Path(__file__).parents[2] / "demo"
STAFF = {
    "email": "staff@example.ru",
    "password": "parol-staff-1",
    "given_name": "Вера",
    "family_name": "Кладова",
}
# Whoever moves a lost mailbox's account needs a colleague.
COLLEAGUE = {
    "email": "olga@example.ru",
    "password": "parol-olga-1",
    "given_name": "Ольга",
    "family_name": "Речная",
}
# Sees the books, switches ways to pay, gives certificates away.
OWNER = {
    "email": "owner@example.ru",
    "password": "parol-owner-1",
    "given_name": "Глеб",
    "family_name": "Хозяинов",
}
PEOPLE = (
    {
        "email": "igor@example.ru",
        "password": "parol-igor-1",
        "given_name": "Игорь",
        "family_name": "Секретов",
        "patronymic": "Валерьянович",
        "greeting": "name_and_patronymic",
    },
    {
        "email": "anna@example.ru",
        "password": "parol-anna-1",
        "given_name": "Анна",
        "family_name": "Лужина",
    },
    STAFF,
    COLLEAGUE,
    OWNER,
)
ROLES = {
    STAFF["email"]: ("fulfilment", "catalog", "support"),
    COLLEAGUE["email"]: ("support",),
    OWNER["email"]: ("owner",),
}

# Worth 300 roubles to everybody, once.
WORD = "ОСЕНЬ"

Row = TypeVar("Row")


@commands.command("places")
def places() -> None:
    """Write down the demo's towns, pickup points and warehouses."""
    _refuse_in_production()
    towns = put_places(places=_rows("cities.csv", _place))
    points = put_pickup_points(points=_rows("pickup_points.csv", _point))
    warehouses = put_warehouses(warehouses=_rows("warehouses.csv", _warehouse))
    click.echo(
        gettext(
            "Towns: %(towns)s, pickup points: %(points)s, warehouses: %(warehouses)s.",
            towns=towns,
            points=points,
            warehouses=warehouses,
        )
    )


@commands.command("fill")
@click.pass_context
def fill(context: click.Context) -> None:
    """Fill the shop with the demo's goods, towns and people; running it again changes nothing."""
    context.invoke(places)
    now = datetime.now(UTC)
    run_id = import_feed(
        source=str(DEMO / "catalog.yml"),
        name="demo",
        media=config().media,
        pictures=DEMO / "pictures",
        now=now,
    )
    tell(report_of(run_id=run_id))
    for person in PEOPLE:
        open_confirmed_account(**person, now=now)
    for email, roles in ROLES.items():
        for role in roles:
            appoint(email=email, role=role, now=now)
    click.echo(gettext("You may sign in as:"))
    for person in PEOPLE:
        click.echo(f"  {person['email']}  {person['password']}  ({_who(person['email'])})")
    click.echo(_presents(now))


def _who(email: str) -> str:
    if email == OWNER["email"]:
        return gettext("owner")
    return gettext("employee") if email in ROLES else gettext("customer")


def _presents(now: datetime) -> str:
    """A code word and a certificate that visitors may try; both work once."""
    with suppress(WordIsTaken):
        make_campaign(
            name="Осень",
            word=WORD,
            gives="promo",
            amount=300_00,
            most_uses=100_000,
            starts_at=now,
            ends_at=now + timedelta(days=365),
            made_by=None,
            now=now,
        )
    serial = issue_free(
        actor_id=None, once_key="demo", nominal_kopecks=1000_00, reason="demo", now=now
    )
    code = open_free_card(serial=serial, now=now).code
    return gettext("Code word: %(word)s, certificate: %(code)s", word=WORD, code=code)


def _refuse_in_production() -> None:
    if config().is_production:
        raise click.ClickException(
            gettext("This is a real shop: demo people with known passwords have no place in it.")
        )


def _rows(name: str, read: Callable[[dict[str, str]], Row]) -> Iterator[Row]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        yield from (read(row) for row in csv.DictReader(file))


def _place(row: dict[str, str]) -> NewPlace:
    return NewPlace(
        name=row["city"],
        region=row["region"],
        population=int(row["population"]),
        latitude=float(row["lat"]),
        longitude=float(row["lon"]),
    )


def _point(row: dict[str, str]) -> NewPickupPoint:
    return NewPickupPoint(
        code=row["code"],
        place_name=row["city"],
        address=row["address"],
        hours=row["hours"],
        max_weight_g=int(row["max_weight_g"]),
        latitude=float(row["lat"]),
        longitude=float(row["lon"]),
    )


def _warehouse(row: dict[str, str]) -> NewWarehouse:
    return NewWarehouse(
        code=row["code"],
        name=row["name"],
        city=row["city"],
        latitude=float(row["lat"]),
        longitude=float(row["lon"]),
        dispatch_days=int(row["dispatch_days"]),
    )
