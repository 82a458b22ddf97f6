"""The gateway's tables. Money is kopecks, moments are milliseconds of the gateway's own clock."""

from ..bank.schema import EVERY_HOUSE

SCHEMA = """
CREATE TABLE IF NOT EXISTS payment (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    -- The gateway knows no keys of requests: this is what keeps an order from being opened twice.
    order_number TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL
        CHECK (status IN ('pending', 'waiting_for_capture', 'succeeded', 'canceled')),
    amount_kopecks INTEGER NOT NULL CHECK (amount_kopecks > 0),
    -- How much of the amount was given in «Спасибо» bonuses.
    bonus_kopecks INTEGER NOT NULL DEFAULT 0
        CHECK (bonus_kopecks >= 0 AND bonus_kopecks < amount_kopecks AND bonus_kopecks % 100 = 0),
    deposited_kopecks INTEGER NOT NULL DEFAULT 0,
    is_one_stage INTEGER NOT NULL,
    method TEXT,
    description TEXT,
    return_url TEXT NOT NULL,
    fail_url TEXT NOT NULL,
    metadata TEXT NOT NULL,
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
    -- How the issuer will answer, kept while the payer thinks about the bonuses.
    plan TEXT,
    -- What the issuer will answer once the payer has typed the code.
    outcome TEXT,
    outcome_party TEXT,
    code TEXT,
    code_sent_at INTEGER,
    tries_left INTEGER NOT NULL DEFAULT 3,
    form_token TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS refund (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    payment_id TEXT NOT NULL REFERENCES payment (id),
    status TEXT NOT NULL CHECK (status = 'succeeded'),
    amount_kopecks INTEGER NOT NULL CHECK (amount_kopecks > 0),
    bonus_kopecks INTEGER NOT NULL CHECK (bonus_kopecks BETWEEN 0 AND amount_kopecks),
    created_at INTEGER NOT NULL
);
"""
SCHEMA += EVERY_HOUSE

TABLES = ("refund", "payment", "notice", "setting")
