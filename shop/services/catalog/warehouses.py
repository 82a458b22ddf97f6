"""Warehouses, as the owner's list has them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import select

from shop.db import db, use_case
from shop.models.catalog import Warehouse


@dataclass(frozen=True, slots=True)
class NewWarehouse:
    """A warehouse as a list gives it; feeds name it by its code."""

    code: str
    name: str
    city: str
    latitude: float
    longitude: float
    dispatch_days: int


@use_case
def put_warehouses(*, warehouses: Iterable[NewWarehouse]) -> int:
    """Write down these warehouses, new or changed; return how many the list has. None is ever removed."""
    known = {warehouse.code: warehouse for warehouse in db.session.scalars(select(Warehouse))}
    count = 0
    for given in warehouses:
        count += 1
        values = asdict(given)
        if given.code in known:
            for name, value in values.items():
                setattr(known[given.code], name, value)
        else:
            db.session.add(Warehouse(**values))
    return count
