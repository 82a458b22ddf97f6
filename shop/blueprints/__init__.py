"""The doors for browsers: one file per feature, found by itself."""

from importlib import import_module
from pkgutil import walk_packages

from flask import Blueprint

BLUEPRINTS: list[Blueprint] = [
    module.blueprint
    for found in walk_packages(__path__, f"{__name__}.")
    if hasattr(module := import_module(found.name), "blueprint")
]
