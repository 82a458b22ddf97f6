"""Orders: what was bought, by whom, for whom, and how far it has come."""

from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.db import Moment
from shop.models.base import Model
from shop.rules.funding import Funding


class Funded:
    """What pays for it: whole points (each 100 kopecks off), the two balances, and the money from outside."""

    points: Mapped[int] = mapped_column(default=0, server_default="0")
    promo_kopecks: Mapped[int] = mapped_column(default=0, server_default="0")
    balance_kopecks: Mapped[int] = mapped_column(default=0, server_default="0")
    outside_kopecks: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def funding(self) -> Funding:
        """All of it together."""
        return Funding(self.points, self.promo_kopecks, self.balance_kopecks, self.outside_kopecks)

    @funding.setter
    def funding(self, funding: Funding) -> None:
        for name, amount in asdict(funding).items():
            setattr(self, name, amount)


class Order(Funded, Model):
    """One purchase. Everything on it is a copy: later changes of goods and names leave it alone."""

    __tablename__ = "shop_order"
    __table_args__ = (
        CheckConstraint(
            "state IN ('awaiting_payment', 'accepted', 'paid', 'assembling', 'shipped', 'received', 'expired', 'canceled')",
            name="state_is_known",
        ),
        CheckConstraint("total_kopecks = goods_kopecks + delivery_kopecks", name="sums_add_up"),
        CheckConstraint(
            "points * 100 + promo_kopecks + balance_kopecks + outside_kopecks = total_kopecks",
            name="funding_adds_up",
        ),
        CheckConstraint("goods_kopecks > 0 AND delivery_kopecks >= 0", name="sums_are_sane"),
        CheckConstraint("delivery_method IN ('courier', 'pickup')", name="delivery_is_known"),
        Index("ix_shop_order_cabinet", "account_id", "placed_at"),
        Index("ix_shop_order_desk", "state", "placed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    # One checkout, one order: minted when the checkout page is shown.
    once_key: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    goods_kopecks: Mapped[int]
    delivery_kopecks: Mapped[int]
    total_kopecks: Mapped[int]
    # The outside method; empty when points and balances pay for all of it.
    payment_method: Mapped[str] = mapped_column(String(20))
    # Points that the goods will bring when they stay with the customer.
    earns_points: Mapped[int] = mapped_column(default=0, server_default="0")
    # Who receives it; never written back to the account.
    recipient_name: Mapped[str] = mapped_column(String(200))
    recipient_phone: Mapped[str] = mapped_column(String(32))
    delivery_method: Mapped[str] = mapped_column(String(10))
    place_name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(300))
    pickup_point_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_point.id"))
    comment: Mapped[str] = mapped_column(String(500), default="")
    # Words of its number and goods, lower case, ё as е: what the cabinet's search looks in.
    search_text: Mapped[str] = mapped_column(default="")
    placed_at: Mapped[datetime] = mapped_column(Moment, index=True)
    # Until then the stock is kept for it.
    pay_until: Mapped[datetime] = mapped_column(Moment)
    paid_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    received_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    lines: Mapped[list["OrderLine"]] = relationship(lazy="raise_on_sql", order_by="OrderLine.id")
    parcels: Mapped[list["Parcel"]] = relationship(lazy="raise_on_sql", order_by="Parcel.position")


class Parcel(Model):
    """What travels together, from one warehouse, on one day."""

    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'assembled', 'shipped', 'received', 'canceled')",
            name="state_is_known",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("shop_order.id"), index=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    promised_on: Mapped[date]
    weight_g: Mapped[int]
    delivery_kopecks: Mapped[int]
    # What of the delivery isn't paid from outside; points never pay for it.
    delivery_promo_kopecks: Mapped[int] = mapped_column(default=0, server_default="0")
    delivery_balance_kopecks: Mapped[int] = mapped_column(default=0, server_default="0")
    track: Mapped[str] = mapped_column(String(40), default="")
    assembled_at: Mapped[datetime | None] = mapped_column(Moment)
    shipped_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime | None] = mapped_column(Moment)


class OrderLine(Funded, Model):
    """So many of one product in one parcel, at the price agreed."""

    __table_args__ = (
        CheckConstraint("quantity > 0 AND price_kopecks > 0", name="amounts_are_positive"),
        CheckConstraint(
            "points * 100 + promo_kopecks + balance_kopecks + outside_kopecks = quantity * price_kopecks",
            name="funding_adds_up",
        ),
        # What comes back to a warehouse: a handful among all.
        Index(
            "ix_order_line_coming_back",
            "parcel_id",
            sqlite_where=text("on_way_back > 0"),
            postgresql_where=text("on_way_back > 0"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("shop_order.id"), index=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcel.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    name: Mapped[str] = mapped_column(String(300))
    picture: Mapped[str] = mapped_column(String(120))
    tint: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[int]
    price_kopecks: Mapped[int]
    old_price_kopecks: Mapped[int | None]
    # Pieces called off before they were handed over, and given back afterwards.
    canceled: Mapped[int] = mapped_column(default=0, server_default="0")
    returned: Mapped[int] = mapped_column(default=0, server_default="0")
    # Of the pieces called off: those that had left already, and haven't come back to the warehouse yet.
    on_way_back: Mapped[int] = mapped_column(default=0, server_default="0")
    earns_points: Mapped[int] = mapped_column(default=0, server_default="0")


class OrderEvent(Model):
    """One step of an order or of a parcel: what became of it, when, and by whose hand."""

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("shop_order.id"), index=True)
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcel.id"))
    state: Mapped[str] = mapped_column(String(20))
    # "customer", "shop" (by itself), "gateway", or "staff:17".
    actor: Mapped[str] = mapped_column(String(40))
    happened_at: Mapped[datetime] = mapped_column(Moment)
