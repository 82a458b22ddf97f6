"""What of a person's rows isn't in the export, and why; the export says so itself."""

_TRACE = "only what a secret hashes to is kept: it says nothing, and opens nothing"
_KEY = "a secret of the account's: a file on its way must not open the account"
_LINK = (
    "the shop's own number that ties rows together; where it says something, that is told in words"
)
_WORK = "the shop's own bookkeeping; it says nothing of the person"
_OTHERS = "typed by somebody who may be another person"
_STAFF = "names an employee, or is a word between employees"
_CARD = "no part of a card's number stands in a file on its way; the order's page shows it"

_WHERETO = "kept until the money is paid, and shown on the page where it was told; a file on its way must not tell it"

_CODE = "who has a certificate's code has its money: a file on its way must not tell it"
_PHOTO = "the photos themselves are on the return's page; a file's name says nothing"

# "table.column" → why.
LEFT_OUT = {
    "account.password_hash": _TRACE,
    "account.once_key": _WORK,
    "account.frozen_until": "told in the account's log, with what it was for",
    "user_session.token_hash": _TRACE,
    "confirmation.token_hash": _TRACE,
    "confirmation.code_hash": _TRACE,
    "recovery.token_hash": _TRACE,
    "recovery_code.code_hash": _TRACE,
    "second_step.sealed_secret": _KEY,
    "second_step.last_interval": _WORK,
    "passkey.credential_id": _KEY,
    "passkey.public_key": _WORK,
    "passkey.user_handle": _KEY,
    "passkey.sign_count": _WORK,
    "passkey.transports": _WORK,
    "email_change.token_hash": _TRACE,
    "email_change.undo_token_hash": _TRACE,
    "email_change.later_undo_token_hash": _TRACE,
    "handover.giver_token_hash": _TRACE,
    "handover.taker_token_hash": _TRACE,
    "handover.old_email": _OTHERS,
    "handover.new_email": _OTHERS,
    "handover.given_name": _OTHERS,
    "handover.family_name": _OTHERS,
    "handover.patronymic": _OTHERS,
    "handover.password_hash": _TRACE,
    "data_export.file": _KEY,
    "recipient.once_key": _WORK,
    "account_event.actor_id": _STAFF,
    "lost_mailbox.family_name": _OTHERS,
    "lost_mailbox.given_name": _OTHERS,
    "lost_mailbox.patronymic": _OTHERS,
    "lost_mailbox.new_email": _OTHERS,
    "lost_mailbox.order_number": _OTHERS,
    "lost_mailbox.order_kopecks": _OTHERS,
    "lost_mailbox.knowledge": _OTHERS,
    "lost_mailbox.entered_by": _STAFF,
    "lost_mailbox.first_approval_by": _STAFF,
    "lost_mailbox.second_approval_by": _STAFF,
    "lost_mailbox.refused_by": _STAFF,
    "lost_mailbox.note": _STAFF,
    "lost_mailbox.stop_token_hash": _TRACE,
    "lost_mailbox.token_hash": _TRACE,
    "lost_mailbox.once_key": _WORK,
    "cart.token": _KEY,
    "shop_order.once_key": _WORK,
    "shop_order.search_text": _WORK,
    "shop_order.pickup_point_id": _LINK,
    "order_line.product_id": _LINK,
    "order_line.on_way_back": _WORK,
    "order_line.picture": _WORK,
    "order_line.tint": _WORK,
    "points_lot.warned_points": "told in the letter itself",
    "order_event.actor": _STAFF,
    "points_lot.once_key": _WORK,
    "ledger_account.kind": _WORK,
    "ledger_account.floor": _WORK,
    "ledger_account.balance": _WORK,  # The sum of its movements, which are told.
    "payment_attempt.idempotence_key": _WORK,
    "payment_attempt.request": _WORK,
    "payment_attempt.pay_at": _WORK,
    "payment_attempt.pay_form": _WORK,
    "payment_attempt.looked_at": _WORK,
    "payment_attempt.sorted_by": _STAFF,
    "payment_attempt.card_last4": _CARD,
    "payment_attempt.card_scheme": _CARD,
    "certificate.code_hash": _TRACE,
    "certificate.sealed_code": _CODE,
    "certificate.code_end": _CODE,
    "certificate.once_key": _WORK,
    "certificate.block_reason": _STAFF,
    "certificate.issue_reason": _STAFF,
    "campaign.name": _STAFF,
    "campaign.most_uses": _WORK,
    "campaign.uses": _WORK,
    "campaign.starts_at": _WORK,
    "campaign.ends_at": _WORK,
    "campaign.is_on": _WORK,
    "campaign.made_at": _WORK,
    "payment_refund.once_key": _WORK,
    "payout_details.name": _WHERETO,
    "payout_details.bic": _WHERETO,
    "payout_details.account_number": _WHERETO,
    "payout_details.phone": _WHERETO,
    "payout_details.bank": _WHERETO,
    "payout_details.opened_by": _STAFF,
    "payout_details.opened_at": _WORK,
    "payment_refund.problem": _WORK,
    "payment_refund.asked_at": _WORK,
    "payment_refund.note": _STAFF,
    **{
        f"receipt.{name}": _WORK
        for name in ("once_key", "idempotence_key", "request", "gateway", "gateway_ref")
    },
    **{f"receipt.{name}": _WORK for name in ("is_inside", "problem", "sent_at", "settled_at")},
    "receipt.registered_by": _STAFF,
    "cancellation.once_key": _WORK,
    "cancellation.actor": _STAFF,
    "return_request.once_key": _WORK,
    "return_message.once_key": _WORK,
    "return_photo.name": _PHOTO,
    "return_photo.content_hash": _TRACE,
    "return_code.code_hash": _TRACE,
}
# Numbers of rows, and the columns by which they hang together.
LINKS = _LINK
