"""Gift certificates and code words: bought or given, sent, put onto somebody's account once."""

from shop.services.certificates._making import Gift, NotANominal
from shop.services.certificates.activating import activate, look_at_code, redeem
from shop.services.certificates.campaigns import (
    NotAWord,
    WordIsTaken,
    make_campaign,
    switch_campaign,
    use_word,
)
from shop.services.certificates.cards import Card, open_card, open_free_card, print_card
from shop.services.certificates.ending import (
    NotPossible,
    ToSendBack,
    block,
    expire_due,
    refund_certificate,
    unblock,
)
from shop.services.certificates.issuing import issue_free
from shop.services.certificates.refusals import (
    AllGivenOut,
    AlreadyActivated,
    CertificateRefused,
    NoLongerValid,
    TermIsOver,
    TooManyActivations,
    UnknownCode,
    WordIsUsed,
)
from shop.services.certificates.selling import (
    Ordered,
    drop_unpaid,
    mark_sold,
    order_certificate,
)
from shop.services.certificates.sending import send_due

__all__ = [
    "AllGivenOut",
    "AlreadyActivated",
    "Card",
    "CertificateRefused",
    "Gift",
    "NoLongerValid",
    "NotANominal",
    "NotAWord",
    "NotPossible",
    "Ordered",
    "TermIsOver",
    "ToSendBack",
    "TooManyActivations",
    "UnknownCode",
    "WordIsTaken",
    "WordIsUsed",
    "activate",
    "block",
    "drop_unpaid",
    "expire_due",
    "issue_free",
    "look_at_code",
    "make_campaign",
    "mark_sold",
    "open_card",
    "open_free_card",
    "order_certificate",
    "print_card",
    "redeem",
    "refund_certificate",
    "send_due",
    "switch_campaign",
    "unblock",
    "use_word",
]
