"""Photos of what is given back: kept anew without what a camera adds, shown to the customer and the shop's people only."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from shop.db import db, errand, use_case
from shop.gateways import photos
from shop.gateways.pictures import NotAPicture
from shop.models.orders import Order
from shop.models.returns import ReturnPhoto, ReturnRequest
from shop.rules.returns import MOST_PHOTO_BYTES, MOST_PHOTOS, OPEN

log = logging.getLogger("shop.returns")

# A file that no row knows of by then was left by a crash.
FORGOTTEN_AFTER = timedelta(hours=1)


class TooManyPhotos(Exception):
    """There are as many photos as there may be."""


class TooLarge(Exception):
    """The file is larger than a photo may be."""


@errand
def add_photos(*, account_id: int, number: str, contents: Sequence[bytes], now: datetime) -> int:
    """Keep photos of a return, and return how many are new; the same picture sent twice is one.

    :raises NoResultFound: when the customer has no such return that is under way.
    :raises TooManyPhotos: when there would be more than five; then none is kept.
    :raises TooLarge: when one is larger than 8 MB; then none is kept.
    :raises NotAPicture: when one can't be drawn; then none is kept.
    """
    if any(len(content) > MOST_PHOTO_BYTES for content in contents):
        raise TooLarge
    return_id = _open_return(account_id, number)
    kept: list[tuple[str, str]] = []
    try:
        for content in contents[: MOST_PHOTOS + 1]:
            kept.append((photos.keep(content), hashlib.sha256(content).hexdigest()))
        names = _note(return_id=return_id, kept=kept, now=now)
    except BaseException:
        for name, _ in kept:
            photos.FOLDER.remove(name)
        raise
    for name, _ in kept:
        if name not in names:
            photos.FOLDER.remove(name)
    return len(names)


def _open_return(account_id: int, number: str) -> int:
    return db.session.scalars(
        select(ReturnRequest.id)
        .join(Order, Order.id == ReturnRequest.order_id)
        .where(
            ReturnRequest.number == number,
            Order.account_id == account_id,
            ReturnRequest.state.in_(OPEN),
        )
    ).one()


@use_case
def _note(*, return_id: int, kept: list[tuple[str, str]], now: datetime) -> set[str]:
    of = ReturnPhoto.return_id == return_id
    known = set(db.session.scalars(select(ReturnPhoto.content_hash).where(of)))
    names: set[str] = set()
    for name, content_hash in kept:
        if content_hash not in known:
            known.add(content_hash)
            names.add(name)
            db.session.add(
                ReturnPhoto(return_id=return_id, name=name, content_hash=content_hash, added_at=now)
            )
    db.session.flush()
    count = db.session.scalar(select(func.count()).where(of)) or 0
    if count > MOST_PHOTOS:
        raise TooManyPhotos
    return names


@errand
def open_photo(*, name: str) -> bytes:
    """Return a photo's bytes (WebP); the caller has seen that it may be shown.

    :raises FileNotFoundError: when it isn't there, or no photo is called so.
    """
    try:
        with photos.FOLDER.open(name) as file:
            return file.read()
    except ValueError:
        raise FileNotFoundError(name[:60]) from None


@errand
def sweep_photos(*, now: datetime) -> int:
    """Remove files that no row knows of: of a crash, or of somebody who has left; return how many."""
    files = photos.FOLDER.names_before(now - FORGOTTEN_AFTER)
    # All of them: a database takes only so many names in one question, and photos are kept for years.
    known = set(db.session.scalars(select(ReturnPhoto.name)))
    strays = [name for name in files if name not in known]
    for name in strays:
        photos.FOLDER.remove(name)
    return len(strays)


__all__ = [
    "NotAPicture",
    "TooLarge",
    "TooManyPhotos",
    "add_photos",
    "open_photo",
    "sweep_photos",
]
