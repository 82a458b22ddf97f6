"""flask payments: the shop's payments beside the gateways'."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup
from flask_babel import gettext

from shop.queries.audit import differences
from shop.rules.reconciling import DAYS
from shop.services.payments import reconcile

commands = AppGroup("payments", help="Look after payments.")


@commands.command("reconcile")
@click.option("--days", default=DAYS, show_default=True, help="How far to look back.")
def reconcile_(days: int) -> None:
    """Compare payments with the gateways' own, settle what is late, list what differs. Exit code 1 when anything does."""
    compared = reconcile(now=datetime.now(UTC), days=days)
    for gateway, number in compared.items():
        if number is None:
            click.echo(gettext("%(gateway)s: no answer, try again later", gateway=gateway))
        else:
            click.echo(
                gettext("%(gateway)s: differences: %(number)s", gateway=gateway, number=number)
            )
    for one in differences():
        click.echo(f"  {one.gateway} {one.ref} {one.number} {one.kind}: {one.ours} / {one.theirs}")
    if any(number != 0 for number in compared.values()):
        raise SystemExit(1)
