"""Accounts of lost mailboxes move on by themselves."""

from datetime import UTC, datetime, timedelta

from lost_mailboxes import approved, asked, state_of

from shop.rules.recovery import WAITING


def test_the_worker_takes_on_what_has_waited_long_enough(app, make):
    make.account("igor@example.ru")
    people = [make.employee("support") for _ in range(2)]
    long_ago = datetime.now(UTC) - WAITING - timedelta(minutes=1)
    with app.app_context():
        waited = asked(now=long_ago)
        approved(waited, *people, now=long_ago)

    answer = app.test_cli_runner().invoke(args=["jobs", "once"])

    assert answer.exit_code == 0, answer.output
    with app.app_context():
        assert state_of(waited) == "confirming"
