"""Code words: so much for everybody who writes the word, once each, within limits and dates."""

from datetime import datetime

from sqlalchemy import select, update

from shop.db import db, use_case
from shop.db.here import zone
from shop.models.certificates import Campaign, CampaignUse
from shop.queries.certificates import Preview, word_by
from shop.rules.certificates import (
    POINTS,
    may_be_a_word,
    normal_word,
)
from shop.rules.devices import NO_DEVICE, Device
from shop.rules.ledger import PROMO_COST, flow, promo
from shop.rules.points import last_day, life_ends
from shop.services.certificates.refusals import AllGivenOut, TermIsOver, UnknownCode, WordIsUsed
from shop.services.ledger import post
from shop.services.points import grant
from shop.services.profile import note_event


class NotAWord(Exception):
    """Too short or too long, or it reads as a certificate's code."""


class WordIsTaken(Exception):
    """There is a campaign of this word."""


@use_case
def use_word(*, account_id: int, word: str, device: Device = NO_DEVICE, now: datetime) -> Preview:
    """Give an account what a code word gives, once. Doors go through `redeem`, which counts guesses.

    :raises UnknownCode: when there is no such word, or it is off or not begun.
    :raises TermIsOver: when the campaign has ended.
    :raises WordIsUsed: when this account has used the word.
    :raises AllGivenOut: when as many as were meant to have used it.
    """
    preview = preview_of_word(account_id=account_id, word=normal_word(word), now=now)
    campaign = db.session.scalar(
        update(Campaign)
        .where(
            Campaign.word == normal_word(word),
            Campaign.is_on,
            Campaign.uses < Campaign.most_uses,
        )
        .values(uses=Campaign.uses + 1)
        .returning(Campaign)
        .execution_options(populate_existing=True)
    )
    if campaign is None:
        raise AllGivenOut
    db.session.add(CampaignUse(campaign_id=campaign.id, account_id=account_id, used_at=now))
    db.session.flush()
    _give(campaign, account_id, now)
    note_event(
        account_id=account_id,
        kind="code_word_used",
        facts={"word": campaign.word},
        device=device,
        now=now,
    )
    return preview


@use_case
def preview_of_word(*, account_id: int, word: str, now: datetime) -> Preview:
    """Return what a word (rules/certificates.normal_word) would give an account.

    :raises CertificateRefused: as `use_word` does.
    """
    found = word_by(word=word, account_id=account_id) if word else None
    if found is None or not found.is_on or now < found.starts_at:
        raise UnknownCode
    if found.used_at is not None:
        raise WordIsUsed(found.used_at)
    if found.ends_at <= now:
        raise TermIsOver(word, last_day(found.ends_at))
    if found.uses >= found.most_uses:
        raise AllGivenOut
    return Preview(
        kind="word",
        name=word,
        gives=found.gives,
        amount=found.amount,
        until=last_day(found.ends_at),
    )


def _give(campaign: Campaign, account_id: int, now: datetime) -> None:
    once_key, shown = f"campaign:{campaign.id}:{account_id}", campaign.word.upper()
    if campaign.gives == POINTS:
        grant(
            account_id=account_id,
            points=campaign.amount,
            source="campaign",
            reference=shown,
            once_key=once_key,
            now=now,
            expires_at=life_ends(now, zone()),
        )
        return
    post(
        once_key=once_key,
        kind="campaign",
        lines=flow(PROMO_COST, promo(account_id), campaign.amount),
        reference=shown,
        actor="customer",
        now=now,
    )


@use_case
def make_campaign(
    *,
    name: str,
    word: str,
    gives: str,
    amount: int,
    most_uses: int,
    starts_at: datetime,
    ends_at: datetime,
    made_by: int | None,
    now: datetime,
) -> int:
    """Begin a campaign and return its id; `amount` is kopecks of the promo balance or whole points.

    :raises NotAWord: when the word is too short or too long, or would be read as a certificate's code.
    :raises WordIsTaken: when there is a campaign of this word, running or over.
    """
    normal = normal_word(word)
    if not may_be_a_word(normal):
        raise NotAWord
    if db.session.scalar(select(Campaign.id).where(Campaign.word == normal)) is not None:
        raise WordIsTaken
    campaign = Campaign(
        name=name,
        word=normal,
        gives=gives,
        amount=amount,
        most_uses=most_uses,
        starts_at=starts_at,
        ends_at=ends_at,
        made_by=made_by,
        made_at=now,
    )
    db.session.add(campaign)
    db.session.flush()
    return campaign.id


@use_case
def switch_campaign(*, campaign_id: int, is_on: bool) -> None:
    """Switch a campaign's word on or off; what was given stays given.

    :raises NoResultFound: when there is no such campaign.
    """
    db.session.get_one(Campaign, campaign_id).is_on = is_on
