"""Why a code or a word gives nothing. A stranger's guess learns no more than that it doesn't fit."""

from datetime import datetime


class CertificateRefused(Exception):
    """It gives nothing; nothing was changed."""


class UnknownCode(CertificateRefused):
    """No such certificate or word: unknown, not paid, not begun all read the same."""


class AlreadyActivated(CertificateRefused):
    """Somebody has activated it: this account, or another one."""

    def __init__(self, serial: str, activated_at: datetime, is_mine: bool, is_free: bool) -> None:
        super().__init__(serial)
        self.serial, self.activated_at = serial, activated_at
        self.is_mine, self.is_free = is_mine, is_free


class NoLongerValid(CertificateRefused):
    """It was given back or blocked. Only whoever has its whole number is told; it counts as a miss all the same."""


class TermIsOver(CertificateRefused):
    """It was to be used until a day that has passed."""

    def __init__(self, name: str, ended_at: datetime) -> None:
        super().__init__(name)
        self.name, self.ended_at = name, ended_at


class TooManyActivations(CertificateRefused):
    """So many certificates within a day are enough; from `wait_until` on there may be more."""

    def __init__(self, wait_until: datetime) -> None:
        super().__init__(wait_until)
        self.wait_until = wait_until


class WordIsUsed(CertificateRefused):
    """This account has had what the word gives."""

    def __init__(self, used_at: datetime) -> None:
        super().__init__(used_at)
        self.used_at = used_at


class AllGivenOut(CertificateRefused):
    """As many as were meant to have used the word."""
