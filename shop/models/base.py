"""What every model begins with, in a form that type checkers understand."""

from typing import TYPE_CHECKING

from shop.db import Base, db

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

__all__ = ["Model"]
