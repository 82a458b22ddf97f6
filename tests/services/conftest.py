"""What tests of deeds share."""

import pytest
from feeds import NOON, written
from paying import Paying

from shop.db import db
from shop.models import FeedRun
from shop.services.feeds import import_feed


@pytest.fixture
def bring(inside, tmp_path):
    """Import these offers as the merchant's next feed; give the run back."""

    def run(*offers, now=NOON, source="", pictures=None, is_forced=False, **more):
        source = source or written(tmp_path, *offers, **more)
        run_id = import_feed(
            source=source, media=tmp_path / "media", pictures=pictures, is_forced=is_forced, now=now
        )
        db.session.expire_all()
        return db.session.get_one(FeedRun, run_id)

    return run


@pytest.fixture
def paying(inside, make):
    """Customers who pay, and a bank that does as it is told."""
    return Paying(inside, make)
