"""The mailbox's letter slot: real SMTP in, every recipient welcome."""

from .store import Letters


class Receiver:
    """Put what comes over SMTP among the letters."""

    def __init__(self, letters: Letters):
        self._letters = letters

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd calls it so)
        """Keep a letter."""
        self._letters.put(envelope.original_content or b"", envelope.rcpt_tos)
        return "250 OK: kept in the sandbox"
