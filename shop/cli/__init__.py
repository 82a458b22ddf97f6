"""The terminal's door: flask <feature> <verb>, one file per feature, found by itself.

A feature's file is read when it is asked for: the web server needs none of them, nor what they import.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from click import Command, Context
from flask.cli import AppGroup


class Feature(AppGroup):
    """The commands of one feature, `commands` in its file."""

    def _commands(self) -> AppGroup:
        return cast(AppGroup, import_module(f"{__name__}.{self.name}").commands)

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the verbs."""
        return self._commands().list_commands(ctx)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Return what a verb does."""
        return self._commands().get_command(ctx, cmd_name)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Say what the feature is about."""
        return self._commands().get_short_help_str(limit)


COMMANDS = [Feature(found.name) for found in iter_modules(__path__)]
