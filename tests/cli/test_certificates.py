"""What the worker does with certificates without anybody at the door."""

from datetime import UTC, datetime, timedelta

from certifying import Gift, letters, row, sold


def test_the_worker_sends_gifts_whose_day_has_come_and_ends_what_is_over(app, make):
    anna, now = make.account(), datetime.now(UTC)
    birthday = Gift("Марина", "marina@example.ru", "", now.date() - timedelta(days=2))
    with app.app_context():
        gift = sold(anna, gift=birthday, now=now - timedelta(days=3)).serial
        old = sold(anna, once_key="form-2", now=now - timedelta(days=367)).serial

    answer = app.test_cli_runner().invoke(args=["jobs", "once"])

    assert answer.exit_code == 0, answer.output
    with app.app_context():
        assert row(gift).sent_at is not None
        assert (row(gift).state, row(old).state) == ("sold", "expired")
        assert len(letters("certificate_gift")) == 1
