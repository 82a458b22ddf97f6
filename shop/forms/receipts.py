"""What is written down of a receipt that was printed at the shop's own cash desk."""

from datetime import datetime, tzinfo

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, StringField
from wtforms.validators import InputRequired, Regexp

from shop.forms.fields import ShopForm
from shop.rules.receipts import DOCUMENT_NUMBER, FISCAL_ATTRIBUTE, STORAGE_NUMBER, Marks


class PrintedReceipt(ShopForm):
    """The marks of a printed receipt, as they stand on it."""

    document_number = StringField(
        _l("Document (FD)"),
        validators=[
            InputRequired(_l("Write the number of the document (FD).")),
            Regexp(rf"{DOCUMENT_NUMBER.pattern}\Z", message=_l("From one to ten digits.")),
        ],
    )
    storage_number = StringField(
        _l("Storage (FN)"),
        validators=[
            InputRequired(_l("Write the number of the storage (FN).")),
            Regexp(rf"{STORAGE_NUMBER.pattern}\Z", message=_l("Just sixteen digits.")),
        ],
    )
    fiscal_attribute = StringField(
        _l("Attribute (FPD)"),
        validators=[
            InputRequired(_l("Write the attribute (FPD, also FP).")),
            Regexp(rf"{FISCAL_ATTRIBUTE.pattern}\Z", message=_l("From one to ten digits.")),
        ],
    )
    registered_at = DateTimeLocalField(
        _l("Printed, date and time"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[InputRequired(_l("Write the date and the time that stand on it."))],
    )

    def marks(self, zone: tzinfo) -> Marks:
        """Return the marks; the time on the receipt is that of the shop's `zone`."""
        moment: datetime = self.registered_at.data
        return Marks(
            self.document_number.data or "",
            self.storage_number.data or "",
            self.fiscal_attribute.data or "",
            moment.replace(tzinfo=zone),
        )
