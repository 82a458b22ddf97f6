"""Gift certificates and code words: what a code leads to, what a customer has bought, what the desk sees."""

from shop.queries.certificates.cabinet import Bought, BoughtRow, bought_by, bought_one
from shop.queries.certificates.codes import (
    CertificateFound,
    Preview,
    WordFound,
    certificate_by,
    nth_last_activation,
    word_by,
)
from shop.queries.certificates.desk import (
    Alarms,
    CampaignRow,
    CertificatesDesk,
    DeskCertificate,
    alarms_of_guessing,
    campaigns_at_desk,
    certificate_at_desk,
    certificates_at_desk,
    uses_of_campaign,
)
from shop.queries.certificates.states import state_shown

__all__ = [
    "Alarms",
    "Bought",
    "BoughtRow",
    "CampaignRow",
    "CertificateFound",
    "CertificatesDesk",
    "DeskCertificate",
    "Preview",
    "WordFound",
    "alarms_of_guessing",
    "bought_by",
    "bought_one",
    "campaigns_at_desk",
    "certificate_at_desk",
    "certificate_by",
    "certificates_at_desk",
    "nth_last_activation",
    "state_shown",
    "uses_of_campaign",
    "word_by",
]
