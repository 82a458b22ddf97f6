"""Customers who buy certificates, activate them, give them back, and use code words."""

from certifying import HERE, code_of
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from machine.buyers import BACK
from machine.players import CUSTOMER, WHICH, Player, one_of
from sqlalchemy import select

from shop.db import db
from shop.models import Certificate
from shop.rules.payments import METHODS
from shop.services.auth import TooManyTries
from shop.services.certificates import CertificateRefused, Gift, NotPossible, redeem
from shop.services.payments import start
from shop.services.payments.certificates import MethodNotPossible, buy_certificate
from shop.services.returns.certificates import take_certificate_back

WORDS = ("осень", "Зима", " весна ", "лето")


class Giver(Player):
    """Gift certificates and code words."""

    @rule(
        who=CUSTOMER, roubles=st.sampled_from((500, 3000, 50_000)), way=WHICH, is_gift=st.booleans()
    )
    def buy_certificate(self, who: int, roubles: int, way: int = 0, is_gift: bool = False) -> None:
        gift = Gift("Марина", "marina@example.ru", "", self.today) if is_gift else Gift()
        bought = self.world.do(
            buy_certificate,
            MethodNotPossible,
            buyer_id=self.world.people[who].id,
            once_key=self.world.key(),
            nominal_kopecks=roubles * 100,
            gift=gift,
            method=one_of(list(METHODS.values()), way),
            payment_minutes=self.config.payment_minutes,
            now=self.world.now,
        )
        if bought is not None and not isinstance(bought, Exception):
            told = {"attempt_id": bought.attempt_id, "return_to": BACK, "now": self.world.now}
            self.world.do(start, **told)

    @precondition(lambda self: self.facts.certificates)
    @rule(who=CUSTOMER, which=WHICH)
    def activate(self, who: int, which: int) -> None:
        """Whoever has the code may; an old one, or one activated already, is refused."""
        serial = one_of(self.facts.certificates[::-1], which).serial
        self._redeem(who, self.world.read(_code, serial=serial))

    @rule(who=CUSTOMER, word=WHICH)
    def use_word(self, who: int, word: int) -> None:
        self._redeem(who, WORDS[word % len(WORDS)])

    def _redeem(self, who: int, text: str) -> None:
        self.world.do(
            redeem,
            CertificateRefused,
            TooManyTries,
            account_id=self.world.people[who].id,
            text=text,
            device=HERE,
            now=self.world.now,
        )

    @precondition(lambda self: self.facts.certificates)
    @rule(which=WHICH, by_staff=st.booleans())
    def give_certificate_back(self, which: int, by_staff: bool = False) -> None:
        certificate = one_of(self.facts.certificates[::-1], which)
        if not by_staff and certificate.buyer_id is None:
            return
        whose = (
            {"actor_id": self.world.staff.id} if by_staff else {"account_id": certificate.buyer_id}
        )
        self.world.do(
            take_certificate_back,
            NotPossible,
            serial=certificate.serial,
            now=self.world.now,
            **whose,
        )


def _code(serial: str) -> str:
    found = db.session.scalars(select(Certificate).where(Certificate.serial == serial)).one()
    return code_of(found)
