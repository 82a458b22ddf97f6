"""What one may do for the safety of one's account."""

from shop.services.security._second_step_codes import (
    CodeDoesntFit,
    CodeWasUsed,
    SecretIsUnreadable,
    StepIsOver,
    StepNotTaken,
)
from shop.services.security.devices import end_device, end_other_devices
from shop.services.security.password import change_password
from shop.services.security.second_step import (
    begin_second_step,
    drop_second_step,
    make_recovery_codes,
    pass_second_step,
    secret_to_scan,
    turn_off,
    turn_on,
)

__all__ = [
    "CodeDoesntFit",
    "CodeWasUsed",
    "SecretIsUnreadable",
    "StepIsOver",
    "StepNotTaken",
    "begin_second_step",
    "change_password",
    "drop_second_step",
    "end_device",
    "end_other_devices",
    "make_recovery_codes",
    "pass_second_step",
    "secret_to_scan",
    "turn_off",
    "turn_on",
]
