from datetime import UTC, datetime, timedelta

from earning import given, lots

from shop.services.points import promise

DAY = timedelta(days=1)


def test_the_worker_lets_points_count_and_end(app, make):
    igor = make.account()
    order, now = make.order(igor, state="received"), datetime.now(UTC)
    with app.app_context():
        given(igor, 50, until=now - DAY, now=now - 9 * DAY)
        promise(
            account_id=igor.id,
            order_id=order.id,
            number=order.number,
            parcel_id=make.parcel_ids(order.id)[0],
            points=44,
            now=now - 8 * DAY,
            return_days=7,
        )

    told = app.test_cli_runner().invoke(args=["jobs", "once"])

    assert told.exit_code == 0
    with app.app_context():
        assert lots(igor) == [("gift", 50, 0), ("order", 44, 44)]
