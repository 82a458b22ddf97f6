"""«Download my data»: one copy, for a week, for its owner only."""

import os
from datetime import timedelta

import pytest
from factories import NOON
from leaving import HERE, LATER, export_row, letters
from signing import together
from sqlalchemy import select

from shop.config import Config
from shop.db import db
from shop.gateways import exports
from shop.models import AccountEvent, DataExport
from shop.services.security import export as deeds
from shop.services.security.export import (
    ExportIsGone,
    ask_for_export,
    fetch_export,
    prepare_export,
    sweep_exports,
)

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def own_folder(app, tmp_path, monkeypatch):
    """Files of other tests mustn't be counted here."""
    config = app.extensions["shop_config"]
    changed = Config(
        **{name: getattr(config, name) for name in config.__dataclass_fields__}
        | {"shop_data": tmp_path}
    )
    monkeypatch.setitem(app.extensions, "shop_config", changed)
    return tmp_path / "exports"


def files(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def ask(account, now=NOON):
    ask_for_export(account_id=account.id, device=HERE, now=now)


def prepared(account, now=LATER):
    ask(account, now)
    prepare_export(export_id=export_row(account.id).id, now=now)
    return export_row(account.id)


def kinds(account):
    query = select(AccountEvent.kind).where(AccountEvent.account_id == account.id)
    return list(db.session.scalars(query.order_by(AccountEvent.id)))


def test_a_newer_copy_takes_the_place_of_the_older(inside, make, own_folder):
    igor = make.account()
    first = prepared(igor).file

    second = prepared(igor, LATER + timedelta(hours=1))

    assert files(own_folder) == [second.file]
    assert second.file != first
    states = db.session.execute(select(DataExport.state, DataExport.file).order_by(DataExport.id))
    assert [tuple(row) for row in states] == [("gone", ""), ("ready", second.file)]


def test_preparing_twice_makes_one_file_and_one_letter(inside, make, own_folder):
    igor = make.account()
    row = prepared(igor)

    prepare_export(export_id=row.id, now=LATER)

    assert files(own_folder) == [row.file]
    assert len(letters("data_ready")) == 1


def test_two_workers_at_once_leave_one_file(inside, make, own_folder):
    igor = make.account()
    ask(igor)
    number = export_row(igor.id).id

    def deed():
        prepare_export(export_id=number, now=LATER)

    assert together(inside, deed, deed) == [None, None]
    assert files(own_folder) == [export_row(igor.id).file]
    assert len(letters("data_ready")) == 1


def test_a_failure_leaves_nothing_and_is_tried_again(inside, make, own_folder, monkeypatch):
    igor = make.account()
    ask(igor)
    number = export_row(igor.id).id

    def fails(**_facts):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(deeds, "_note_ready", fails)
        with pytest.raises(ZeroDivisionError):
            prepare_export(export_id=number, now=LATER)
    with monkeypatch.context() as patched:
        patched.setattr(exports, "for_machines", fails)
        with pytest.raises(TypeError):
            prepare_export(export_id=number, now=LATER)
    assert files(own_folder) == []
    assert export_row(igor.id).state == "asked"

    prepare_export(export_id=number, now=LATER)
    assert len(files(own_folder)) == 1


def test_the_owner_fetches_it_and_the_log_says_so(inside, make):
    igor = make.account()
    row = prepared(igor)

    found = fetch_export(account_id=igor.id, device=HERE, now=LATER)

    with found.file:
        assert len(found.file.read()) == found.bytes == row.bytes
    assert kinds(igor) == ["data_asked", "data_downloaded"]


def test_nobody_else_fetches_it(inside, make):
    igor, anna = make.account(), make.account()
    prepared(igor)

    with pytest.raises(ExportIsGone):
        fetch_export(account_id=anna.id, device=HERE, now=LATER)
    assert kinds(anna) == []


def test_after_a_week_it_is_gone(inside, make, own_folder):
    igor = make.account()
    prepared(igor)

    assert sweep_exports(now=LATER + WEEK - timedelta(seconds=1)) == 0
    with pytest.raises(ExportIsGone):
        fetch_export(account_id=igor.id, device=HERE, now=LATER + WEEK)
    assert sweep_exports(now=LATER + WEEK) == 1

    assert files(own_folder) == []
    assert (export_row(igor.id).state, export_row(igor.id).file) == ("gone", "")
    assert sweep_exports(now=LATER + WEEK) == 0


def test_a_file_that_was_lost_is_said_to_be_gone(inside, make, own_folder):
    igor = make.account()
    exports.FOLDER.remove(prepared(igor).file)

    with pytest.raises(ExportIsGone):
        fetch_export(account_id=igor.id, device=HERE, now=LATER)
    assert export_row(igor.id).state == "gone"
    assert kinds(igor) == ["data_asked"]


def test_what_a_crash_left_is_swept_and_what_is_in_the_making_is_not(inside, make, own_folder):
    kept = prepared(make.account()).file
    orphan, young = "o" * 43 + ".zip", "y" * 43 + ".zip"
    for name, age in ((orphan, 61), (young, 59), (kept, 600), ("notes.txt", 600)):
        (own_folder / name).write_bytes(b"zip")
        moment = (LATER - timedelta(minutes=age)).timestamp()
        os.utime(own_folder / name, (moment, moment))

    assert sweep_exports(now=LATER) == 1

    assert files(own_folder) == sorted([kept, young, "notes.txt"])
