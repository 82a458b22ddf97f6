"""A password or a mailbox is lost: the ways back in."""

from shop.services.recovery.code import (
    CodeIsOver,
    NoSuchKey,
    WrongCode,
    draw_code,
    new_key,
    speak_code,
    take_code,
)
from shop.services.recovery.deciding import (
    AnotherUnderWay,
    NewAddressTaken,
    NoSuchOwner,
    NotNow,
    SameEmployee,
    approve_first,
    approve_second,
    look_at_account,
    refuse_move,
)
from shop.services.recovery.links import (
    LinkIsOver,
    ask_for_link,
    choose_password,
    send_link,
)
from shop.services.recovery.lost_mailbox import Told, ask_to_move
from shop.services.recovery.moving import AddressTaken, finish_move
from shop.services.recovery.waiting import move_on, stop_move, stop_move_by_link

__all__ = [
    "AddressTaken",
    "AnotherUnderWay",
    "CodeIsOver",
    "LinkIsOver",
    "NewAddressTaken",
    "NoSuchKey",
    "NoSuchOwner",
    "NotNow",
    "SameEmployee",
    "Told",
    "WrongCode",
    "approve_first",
    "approve_second",
    "ask_for_link",
    "ask_to_move",
    "choose_password",
    "draw_code",
    "finish_move",
    "look_at_account",
    "move_on",
    "new_key",
    "refuse_move",
    "send_link",
    "speak_code",
    "stop_move",
    "stop_move_by_link",
    "take_code",
]
