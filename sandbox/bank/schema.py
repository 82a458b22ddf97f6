"""The bank's tables. Money is kopecks, moments are milliseconds of the bank's own clock."""

# What the courier and the clock of any gateway keep.
EVERY_HOUSE = """
CREATE TABLE IF NOT EXISTS notice (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    object_id TEXT NOT NULL,
    body BLOB NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('queued', 'held', 'delivered', 'lost', 'given_up', 'no_address')),
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    answer TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS setting (id TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""

SCHEMA = """
CREATE TABLE IF NOT EXISTS payment (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL
        CHECK (status IN ('pending', 'waiting_for_capture', 'succeeded', 'canceled')),
    amount_kopecks INTEGER NOT NULL CHECK (amount_kopecks > 0),
    method TEXT,
    is_fixed_method INTEGER NOT NULL,
    is_one_stage INTEGER NOT NULL,
    description TEXT,
    return_url TEXT NOT NULL,
    confirmation_url TEXT NOT NULL,
    metadata TEXT NOT NULL,
    receipt TEXT,
    merchant_customer_id TEXT,
    created_at INTEGER NOT NULL,
    confirm_by INTEGER NOT NULL,
    captured_at INTEGER,
    expires_at INTEGER,
    cancel_party TEXT,
    cancel_reason TEXT,
    -- Of the card itself no more than this is ever kept.
    card_first6 TEXT CHECK (length(card_first6) = 6),
    card_last4 TEXT CHECK (length(card_last4) = 4),
    card_scheme TEXT,
    card_month INTEGER,
    card_year INTEGER,
    -- What the issuer will answer once the payer has typed the code.
    outcome TEXT,
    outcome_party TEXT,
    code TEXT,
    code_sent_at INTEGER,
    tries_left INTEGER NOT NULL DEFAULT 3,
    -- Every form of the pages carries it once; a second press finds another.
    form_token TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS refund (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    payment_id TEXT NOT NULL REFERENCES payment (id),
    status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'canceled')),
    amount_kopecks INTEGER NOT NULL CHECK (amount_kopecks > 0),
    description TEXT,
    receipt TEXT,
    metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    settles_at INTEGER,
    settles_as TEXT,
    cancel_reason TEXT
);
CREATE TABLE IF NOT EXISTS receipt (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL CHECK (type IN ('payment', 'refund')),
    payment_id TEXT NOT NULL REFERENCES payment (id),
    refund_id TEXT REFERENCES refund (id),
    items TEXT NOT NULL,
    settlements TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    registered_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS kept_answer (
    key TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);
"""
SCHEMA += EVERY_HOUSE

TABLES = ("receipt", "refund", "payment", "kept_answer", "notice", "setting")
