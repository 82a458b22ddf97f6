"""The tables of a wallet. Money is kopecks, moments are milliseconds of the house's own clock."""

from ..bank.schema import EVERY_HOUSE

SCHEMA = (
    """
CREATE TABLE IF NOT EXISTS payment (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('pending', 'held', 'succeeded', 'canceled')),
    amount_kopecks INTEGER NOT NULL CHECK (amount_kopecks > 0),
    description TEXT NOT NULL,
    return_url TEXT NOT NULL,
    -- What only this gateway knows of a payment, as JSON.
    details TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    confirm_by INTEGER NOT NULL,
    paid_at INTEGER,
    cancel_reason TEXT,
    -- The owner agreed, and whoever takes the money will find that there is none.
    is_short INTEGER NOT NULL DEFAULT 0,
    -- The page's form carries it once; a second press finds another.
    form_token TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS refund (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    payment_id TEXT NOT NULL REFERENCES payment (id),
    status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'canceled')),
    amount_kopecks INTEGER NOT NULL CHECK (amount_kopecks > 0),
    details TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    settles_at INTEGER,
    settles_as TEXT,
    cancel_reason TEXT,
    UNIQUE (payment_id, id)
);
CREATE TABLE IF NOT EXISTS kept_answer (
    key TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);
"""
    + EVERY_HOUSE
)

TABLES = ("refund", "payment", "kept_answer", "notice", "setting")
