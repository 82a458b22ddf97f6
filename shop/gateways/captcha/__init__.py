"""The anti-spam code as a picture and as a voice."""

from shop.gateways.captcha.picture import drawn
from shop.gateways.captcha.sound import spoken

__all__ = ["drawn", "spoken"]
