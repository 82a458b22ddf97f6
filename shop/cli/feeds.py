"""flask feeds: the catalog from a merchant's feed."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext, ngettext

from shop.queries.feeds import FeedReport, report_of
from shop.rules.feeds import parts
from shop.services.feeds import import_feed
from shop.web.context import config

commands = AppGroup("feeds", help="Take goods over from a merchant's feed.")


@commands.command("import")
@click.argument("source")
@click.option(
    "--name", default="main", help="Which feed it is; the same name updates the same goods."
)
@click.option(
    "--pictures",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with the pictures, found by the last part of their addresses.",
)
@click.option(
    "--force", is_flag=True, help="Import it even if most goods vanish, or nothing changed."
)
def import_(source: str, name: str, pictures: Path | None, force: bool) -> None:
    """Import the YML feed at SOURCE, a file or an http(s) address.

    An offer's stock is what its outlets say, else its count; one that only says it is available
    counts as ten pieces in the first warehouse. Pictures are taken from a folder only, never fetched.
    """
    run_id = import_feed(
        source=source,
        name=name,
        media=config().media,
        pictures=pictures,
        is_forced=force,
        now=datetime.now(UTC),
    )
    report = report_of(run_id=run_id)
    tell(report)
    if report.run.state == "refused":
        raise SystemExit(1)


def tell(report: FeedReport) -> None:
    """Say how an import went, in whole sentences."""
    run = report.run
    if run.state == "refused":
        click.echo(gettext("The feed was refused, nothing has changed."))
        click.echo(translated(run.reason))
    elif run.state == "unchanged":
        click.echo(gettext("The feed is the same as last time, nothing has changed."))
    else:
        click.echo(
            gettext(
                "Added: %(added)s, changed: %(changed)s, unchanged: %(unchanged)s, hidden: %(hidden)s, rejected: %(rejected)s.",
                added=run.added,
                changed=run.changed,
                unchanged=run.unchanged,
                hidden=run.hidden,
                rejected=run.rejected,
            )
        )
    for problem in report.problems:
        click.echo("  " + _line(problem.line, problem.offer_id, problem.reason))
    more = report.problem_count - len(report.problems)
    if more:
        text = ngettext("and %(num)s remark more", "and %(num)s remarks more", more)
        click.echo(f"  … {text}")


def _line(line: int, offer_id: str, reason: str) -> str:
    where = gettext("line %(line)s", line=line) if line else ""
    return " · ".join(part for part in (where, offer_id, translated(reason)) if part)


def translated(reason: str) -> str:
    """Return a kept reason in the reader's language; the feed's own words in it stay as they are."""
    sentence, detail = parts(reason)
    return (gettext(sentence) if sentence else "") + detail
