"""Where things can be brought: towns and pickup points."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Model


class Place(Model):
    """A town that the shop delivers to."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), index=True)
    # Lower case and ё as е, for finding it as people type it.
    search_name: Mapped[str] = mapped_column(String(100), index=True)
    region: Mapped[str] = mapped_column(String(100))
    population: Mapped[int]
    latitude: Mapped[float]
    longitude: Mapped[float]


class PickupPoint(Model):
    """A counter where a customer fetches parcels."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    place_name: Mapped[str] = mapped_column(String(100), index=True)
    address: Mapped[str] = mapped_column(String(200))
    hours: Mapped[str] = mapped_column(String(100))
    max_weight_g: Mapped[int]
    latitude: Mapped[float]
    longitude: Mapped[float]
