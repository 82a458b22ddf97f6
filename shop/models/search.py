"""What the search knows beside the index itself: the words of the catalog."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Model


class SearchWord(Model):
    """A word as it stands in names and brands, with the forms it is looked up under."""

    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    # Its dictionary forms, space between: all readings, ё as е.
    lemmas: Mapped[str] = mapped_column(String(200))
    # How many products have it; suggestions and corrections prefer the frequent.
    product_count: Mapped[int] = mapped_column(default=0)
