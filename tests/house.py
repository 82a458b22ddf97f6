"""What the house is made of, for the tests of its rules: its floors, its row of services, its files."""

import ast
import inspect
import pathlib
import pkgutil
from importlib import import_module

ROOT = pathlib.Path(__file__).parents[1]
SHOP = ROOT / "shop"
TEMPLATES = SHOP / "templates"
PYTHON = sorted(
    path
    for folder in ("shop", "demo", "sandbox", "bench", "tests", "e2e")
    for path in (ROOT / folder).rglob("*.py")
)

# Who may import whom, floor by floor, top to bottom.
FLOORS = {
    "blueprints": {"blueprints", "web", "forms", "services", "queries", "rules"},
    "cli": {"cli", "web", "forms", "services", "queries", "rules"},
    "web": {"web", "forms", "queries", "rules", "config"},
    "forms": {"forms", "rules"},
    "services": {"services", "queries", "models", "gateways", "rules", "db", "config"},
    "queries": {"queries", "models", "rules", "db"},
    "models": {"models", "rules", "db"},
    "gateways": {"gateways", "rules", "config"},
    "rules": {"rules"},
    "db": {"db"},
    "config": {"rules"},
}
# Services stand in a row; each may call only those before it.
ROW = (
    "ledger notices receipts catalog feeds favorites cart profile auth security recovery points certificates promotions delivery "
    "orders payments checkout returns reviews questions support help partner_card audit"
).split()
FEATURES = {
    *ROW,
    *"search parcels purchases pwa staff audit health home legal jobs demo payment_notices".split(),
}
UNCLEAN = {
    "flask",
    "sqlalchemy",
    "os",
    "time",
    "random",
    "socket",
    "requests",
    "pathlib",
    "secrets",
    "io",
    "subprocess",
}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "tools", "lib"}


def floor_of(path: pathlib.Path) -> str:
    return path.relative_to(SHOP).parts[0].removesuffix(".py")


def imports_of(path: pathlib.Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module] + [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def shop_files(floor: str) -> list[pathlib.Path]:
    return sorted((SHOP / floor).rglob("*.py"))


def public_functions(package: str):
    top = import_module(package)
    for found in pkgutil.walk_packages(top.__path__, f"{package}."):
        if "._" in found.name:  # A package's inner room.
            continue
        module = import_module(found.name)
        for name, thing in vars(module).items():
            if (
                inspect.isfunction(thing)
                and thing.__module__ == module.__name__
                and not name.startswith("_")
            ):
                yield f"{found.name}.{name}", thing


def gateway_callers(path: pathlib.Path) -> list[str]:
    """Deeds under `use_case` that name a gateway's module directly."""
    tree = ast.parse(path.read_text())
    gateways = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module
        and node.module.startswith("shop.gateways")
        for alias in node.names
        if alias.name[0].islower() and alias.name not in {"queue", "wake"}
    }
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(mark, ast.Name) and mark.id == "use_case" for mark in node.decorator_list
        ):
            called = {call.func for call in ast.walk(node) if isinstance(call, ast.Call)}
            for function in called:
                root = function
                while isinstance(root, ast.Attribute | ast.Subscript | ast.Call):
                    root = root.func if isinstance(root, ast.Call) else root.value
                if isinstance(root, ast.Name) and root.id in gateways:
                    found.append(f"{path.name}: {node.name} calls {root.id}")
    return found
