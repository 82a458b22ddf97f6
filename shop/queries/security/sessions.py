"""Where somebody is signed in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from shop.db import db
from shop.models.auth import UserSession
from shop.rules.devices import network_shown

# Nobody has more devices; if somebody's robot does, the rest is counted.
MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Device:
    """One browser that is signed in."""

    session_id: int
    name: str
    country: str
    network: str
    way: str
    opened_at: datetime
    seen_at: datetime
    # The one that the page is read on.
    is_here: bool


@dataclass(frozen=True, slots=True)
class Devices:
    """The browsers an account is open in: this one first, then as they were used last."""

    shown: tuple[Device, ...]
    count: int

    @property
    def has_others(self) -> bool:
        """True when one is signed in elsewhere, too."""
        return any(not device.is_here for device in self.shown)

    @property
    def hidden(self) -> int:
        """How many more there are than are shown."""
        return self.count - len(self.shown)


def devices_of(*, account_id: int, session_id: int) -> Devices:
    """Return where an account is signed in; `session_id` is where it is asked from."""
    is_here = (UserSession.id == session_id).label("is_here")
    rows = db.session.execute(
        select(
            UserSession.id,
            UserSession.device,
            UserSession.country,
            UserSession.network,
            UserSession.way,
            UserSession.opened_at,
            UserSession.seen_at,
            is_here,
            func.count().over(),
        )
        .where(UserSession.account_id == account_id, UserSession.ended_at.is_(None))
        .order_by(is_here.desc(), UserSession.seen_at.desc(), UserSession.id.desc())
        .limit(MOST_SHOWN)
    ).all()
    shown = tuple(
        Device(
            session_id=row[0],
            name=row[1],
            country=row[2],
            network=network_shown(row[3]),
            way=row[4],
            opened_at=row[5],
            seen_at=row[6],
            is_here=bool(row[7]),
        )
        for row in rows
    )
    return Devices(shown, rows[0][8] if rows else 0)
