"""WebMoney's own ways: a payment begins with the shop's form, and before it is made the shop is asked."""

from urllib.parse import urlencode

import requests

from ..settings import BankSettings
from ..wallets.house import WalletHouse
from .letters import PAYER_PURSE, WebMoneyLetters, moment, told_fields

_TIMEOUT = (3.05, 10)


class WebMoneyHouse(WalletHouse):
    """The test WebMoney."""

    name = "WebMoney"
    wallet = PAYER_PURSE

    def __init__(self, settings: BankSettings):
        super().__init__(settings, WebMoneyLetters(settings.secret))

    def payments_no(self, purse: str, number: str) -> list[dict]:
        """Return the payments begun under a number of the shop's, the one that counts first."""
        found = [
            self.payment_of(row["id"])
            for row in self.store.all(
                "SELECT id FROM payment ORDER BY status = 'succeeded' DESC, number DESC"
            )
        ]
        wanted = {"LMI_PAYEE_PURSE": purse, "LMI_PAYMENT_NO": number}
        return [one for one in found if wanted.items() <= one["details"].items()]

    def objection_to(self, payment: dict) -> str:
        """Ask the shop whether it wants this payment; only its plain YES will do."""
        if not self.courier.url:
            return ""
        fields = told_fields(self.told_of(payment)) | {"LMI_PREREQUEST": "1"}
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(
                    self.courier.url, data=fields, timeout=_TIMEOUT, allow_redirects=False
                )
        except requests.RequestException:
            return "Магазин не ответил. Попробуйте ещё раз немного позже."
        if answer.status_code == 200 and answer.text.strip() == "YES":
            return ""
        return "Магазин больше не ждёт этой оплаты. Вернитесь в него и посмотрите на заказ."

    def way_back(self, payment: dict) -> str:
        """Return the shop's address for this end, with what WebMoney adds to it."""
        told = self.told_of(payment)
        is_off = payment["status"] == "canceled"
        url = payment["details"]["LMI_FAIL_URL"] if is_off else payment["return_url"]
        added = {"LMI_PAYMENT_NO": payment["details"]["LMI_PAYMENT_NO"]}
        if not is_off:
            added["LMI_SYS_TRANS_DATE"] = moment(told["paid_at"])
        return f"{url}{'&' if '?' in url else '?'}{urlencode(added)}"
