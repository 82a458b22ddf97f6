"""flask audit: do the books add up?"""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext, ngettext

from shop.queries.audit import Finding
from shop.services.audit import look_over
from shop.web.audit import advice_on, rule_of, sentence_of
from shop.web.context import config

commands = AppGroup("audit", help="See whether the books add up.")


@commands.command("run")
@click.option(
    "--log",
    "logs",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of the log to look through for card numbers; may be given several times. "
    "Files ending in .log in the shop's folder are looked through without being named.",
)
def run(logs: tuple[Path, ...]) -> None:
    """Look at all eighteen rules; print what is wrong and what to do. Exit code 1 when anything is."""
    files = (*logs, *sorted(config().shop_data.glob("**/*.log")))
    found = look_over(actor="terminal", now=datetime.now(UTC), log_files=files)
    for rule in sorted({one.rule for one in found}):
        _tell([one for one in found if one.rule == rule])
    click.echo(ngettext("%(num)s finding", "%(num)s findings", len(found)))
    if found:
        raise SystemExit(1)


def _tell(found: list[Finding]) -> None:
    click.echo(f"{found[0].rule}. {rule_of(found[0])}")
    for one in found:
        values = gettext(
            "found %(found)s, expected %(expected)s", found=one.found, expected=one.expected
        )
        click.echo(f"   {one.about}: {sentence_of(one)}" + (f" ({values})" if one.expected else ""))
    click.echo("   " + gettext("What to do: %(advice)s", advice=advice_on(found[0])))
    click.echo()
