"""«Download my data»: asked for, prepared by the worker, kept for a week, then gone."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from flask import current_app
from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.gateways import exports
from shop.models.auth import Account
from shop.models.security import DataExport
from shop.queries.security.data import chapters_of
from shop.queries.security.left_out import LEFT_OUT
from shop.rules.devices import Device
from shop.rules.exports import EXPORT_LIVES, FORMAT, UNKNOWN_FILES_LIVE
from shop.rules.names import full_name
from shop.services.auth import count_try
from shop.services.notices import queue_errand, write_to
from shop.services.profile import note_event


class ExportIsGone(Exception):
    """There is no file (any more): it must be asked for anew."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file to send to the person it is about; whoever sends it closes it."""

    file: BinaryIO
    bytes: int


@use_case
def ask_for_export(*, account_id: int, device: Device, now: datetime) -> None:
    """Let the worker put together everything the shop knows of a person. What is being prepared isn't asked for twice.

    :raises TooManyTries: when it was asked for too often today.
    """
    is_asked = select(DataExport.id).where(
        DataExport.account_id == account_id, DataExport.state == "asked"
    )
    if db.session.scalar(is_asked) is not None:
        return
    count_try(deed="export", subject=str(account_id), address=device.address, now=now)
    asked = DataExport(account_id=account_id, state="asked", asked_at=now)
    db.session.add(asked)
    db.session.flush()
    queue_errand(
        kind="data-export",
        payload={"export_id": asked.id},
        once_key=f"data-export-{account_id}-{now.isoformat()}",
        now=now,
    )
    note_event(account_id=account_id, kind="data_asked", device=device, now=now)


@errand
def prepare_export(*, export_id: int, now: datetime) -> None:
    """Write the file, then tell its owner. Run again after a crash it writes a new one; the other is swept away."""
    account = db.session.scalar(
        select(Account)
        .join(DataExport, DataExport.account_id == Account.id)
        .where(DataExport.id == export_id, DataExport.state == "asked")
    )
    if account is None:
        return
    config = current_app.extensions["shop_config"]
    about = {
        "format": FORMAT,
        "shop": config.shop_name,
        "address": config.shop_url,
        "person": full_name(account.family_name, account.given_name, account.patronymic),
        "made_at": now,
    }
    written = exports.write(
        language=account.language,
        about=about,
        chapters=chapters_of(account_id=account.id),
        left_out=LEFT_OUT,
    )
    try:
        over = _note_ready(export_id=export_id, file=written.name, size=written.bytes, now=now)
    except BaseException:
        exports.FOLDER.remove(written.name)
        raise
    for name in over:
        exports.FOLDER.remove(name)


@use_case
def _note_ready(*, export_id: int, file: str, size: int, now: datetime) -> list[str]:
    """Offer the new file, and no older one; return the files that nobody needs now."""
    account_id = db.session.scalar(
        update(DataExport)
        .where(DataExport.id == export_id, DataExport.state == "asked")
        .values(state="ready", file=file, bytes=size, expires_at=now + EXPORT_LIVES)
        .returning(DataExport.account_id)
    )
    if account_id is None:  # Another worker was quicker, or the account has ended meanwhile.
        return [file]
    older = (DataExport.account_id == account_id, DataExport.state == "ready")
    over = _note_gone(*older, DataExport.id != export_id)
    account = db.session.get_one(Account, account_id)
    write_to(
        account=account,
        letter="data_ready",
        facts={
            "expires_at": (now + EXPORT_LIVES).isoformat(),
        },
        once_key=f"data-ready-{file}",
        now=now,
    )
    return over


@errand
def fetch_export(*, account_id: int, device: Device, now: datetime) -> Download:
    """Open the file an account may download, and note that it was.

    :raises ExportIsGone: when there is none.
    """
    ready = db.session.execute(
        select(DataExport.id, DataExport.file, DataExport.bytes).where(
            DataExport.account_id == account_id,
            DataExport.state == "ready",
            DataExport.expires_at > now,
        )
    ).one_or_none()
    if ready is None:
        raise ExportIsGone
    try:
        file = exports.FOLDER.open(ready.file)
    except FileNotFoundError:
        _lose(export_id=ready.id)
        raise ExportIsGone from None
    note_event(account_id=account_id, kind="data_downloaded", device=device, now=now)
    return Download(file, ready.bytes)


@errand
def sweep_exports(*, now: datetime) -> int:
    """Remove files whose week is over, and those that a crash left without a row; return how many."""
    over = _expire(now=now)
    known = set(db.session.scalars(select(DataExport.file).where(DataExport.state == "ready")))
    lost = [
        name for name in exports.FOLDER.names_before(now - UNKNOWN_FILES_LIVE) if name not in known
    ]
    for name in dict.fromkeys((*over, *lost)):
        exports.FOLDER.remove(name)
    return len({*over, *lost})


@use_case
def _expire(*, now: datetime) -> list[str]:
    return _note_gone(DataExport.state == "ready", DataExport.expires_at <= now)


@use_case
def _lose(*, export_id: int) -> None:
    _note_gone(DataExport.id == export_id)


def _note_gone(*which: object) -> list[str]:
    """Mark exports as gone; return their files."""
    gone = db.session.scalars(select(DataExport).where(*which)).all()  # type: ignore[arg-type]
    files = [export.file for export in gone if export.file]
    for export in gone:
        export.state, export.file = "gone", ""
    return files
