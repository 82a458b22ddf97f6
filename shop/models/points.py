"""Points of the status programme: each grant is a lot with its own end; the soonest to end is spent first."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model

# What the timers look for is a handful among all that ever was.
_IS_LEFT = text("remaining > 0")
_IS_DUE = text("matured_at IS NULL")


class PointsLot(Model):
    """So many points from one source, until a day. A lot begins to count at `active_from`."""

    __table_args__ = (
        CheckConstraint(
            "earned > 0 AND remaining >= 0 AND remaining <= earned", name="sums_are_sane"
        ),
        Index("ix_points_lot_spending", "account_id", "expires_at"),
        Index("ix_points_lot_left", "expires_at", sqlite_where=_IS_LEFT, postgresql_where=_IS_LEFT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    # order, campaign, gift, return.
    source: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(40))
    once_key: Mapped[str] = mapped_column(String(80), unique=True)
    earned: Mapped[int]
    remaining: Mapped[int]
    active_from: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    # When the customer was last written to that it ends soon, and how many points the letter told of.
    warned_at: Mapped[datetime | None] = mapped_column(Moment)
    warned_points: Mapped[int] = mapped_column(default=0, server_default="0")


class PointsUse(Model):
    """Points of one lot that went into one order, and how many of them have come back since."""

    __table_args__ = (
        CheckConstraint(
            "points > 0 AND returned >= 0 AND returned <= points", name="sums_are_sane"
        ),
        UniqueConstraint("order_id", "lot_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("shop_order.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("points_lot.id"), index=True)
    points: Mapped[int]
    returned: Mapped[int] = mapped_column(default=0)


class PointsPromise(Model):
    """Points that a received parcel brings when its return window is over."""

    __table_args__ = (
        Index(
            "ix_points_promise_due", "matures_at", sqlite_where=_IS_DUE, postgresql_where=_IS_DUE
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("shop_order.id"), index=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), unique=True)
    points: Mapped[int]
    matures_at: Mapped[datetime] = mapped_column(Moment)
    matured_at: Mapped[datetime | None] = mapped_column(Moment)
