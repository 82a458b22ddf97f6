"""How passwords are kept: argon2id, and nothing else of them."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shop.rules.passwords import written_one_way


class Passwords:
    """Hashes and compares. Costs 27 ms and 19 MiB a time, OWASP's profile; the library's own defaults take 220 ms."""

    # Nobody's: compared with when there is no such account, so that the answer takes as long.
    NOBODYS = (
        "$argon2id$v=19$m=19456,t=2,p=1"
        "$T0DRX7Et9lwU4WT+tQ/jHw$jroyOHhRgZpM7yjkxj9xNZ61rtrxvkcpVvAshM5HV2I"
    )

    def __init__(self) -> None:
        self._argon = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

    def hashed(self, password: str) -> str:
        """Return what is kept of a password."""
        return self._argon.hash(written_one_way(password))

    def fits(self, password: str, kept: str) -> bool:
        """True when `kept` was made of `password`."""
        try:
            return self._argon.verify(kept, written_one_way(password))
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """True when `kept` was made with other costs than today's."""
        return self._argon.check_needs_rehash(kept)


PASSWORDS = Passwords()
