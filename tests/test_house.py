"""The house rules, kept by a machine (CONTRIBUTING.md tells why)."""

import ast
import inspect
import pathlib
import re

import pytest
from babel.messages.pofile import read_po
from house import (
    DRAWERS,
    FEATURES,
    FLOORS,
    PYTHON,
    ROOT,
    ROW,
    SHOP,
    TEMPLATES,
    UNCLEAN,
    floor_of,
    gateway_callers,
    imports_of,
    public_functions,
    shop_files,
)


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_only_go_down(floor):
    files = shop_files(floor) if (SHOP / floor).is_dir() else [SHOP / f"{floor}.py"]
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in imports_of(path)
        if name.startswith("shop.") and name.split(".")[1] not in FLOORS[floor]
    ]
    assert wrong == []


def test_nothing_imports_the_roof():
    wrong = [
        str(path)
        for path in SHOP.rglob("*.py")
        if path.name != "app.py" and "shop.app" in imports_of(path)
    ]
    assert wrong == []


def test_the_shop_never_imports_what_surrounds_it():
    outside = {"sandbox", "demo", "bench", "tests", "e2e"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in SHOP.rglob("*.py")
        for name in imports_of(path)
        if name.split(".")[0] in outside
    ]
    assert wrong == []


def test_the_ground_is_pure():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in shop_files("rules")
        for name in imports_of(path)
        if name.split(".")[0] in UNCLEAN
    ]
    assert wrong == []


def test_services_call_only_to_their_left():
    wrong = []
    for path in shop_files("services"):
        me = path.relative_to(SHOP / "services").parts[0].removesuffix(".py")
        for name in imports_of(path):
            parts = name.split(".")
            if parts[:2] != ["shop", "services"] or len(parts) < 3 or parts[2] == me:
                continue
            if me not in ROW or parts[2] not in ROW or ROW.index(parts[2]) > ROW.index(me):
                wrong.append(f"{me} calls {parts[2]}")
    assert wrong == []


# Pure computations that deeds need and tests make things with; they neither read nor write the database.
CALCULATIONS = {"shop.services.auth.hash_password"}


def test_every_deed_is_a_use_case_or_an_errand_and_is_told_by_name():
    wrong = []
    for name, deed in public_functions("shop.services"):
        if name in CALCULATIONS:
            continue
        if getattr(deed, "__shop_deed__", None) not in {"use_case", "errand"}:
            wrong.append(f"{name} is neither a use_case nor an errand")
        positional = [
            parameter.name
            for parameter in inspect.signature(deed).parameters.values()
            if parameter.kind is not inspect.Parameter.KEYWORD_ONLY
        ]
        if positional:
            wrong.append(f"{name} takes {positional} by position")
    assert wrong == []


def test_only_the_database_module_commits():
    wrong = [
        str(path.relative_to(ROOT))
        for path in SHOP.rglob("*.py")
        if floor_of(path) != "db" and re.search(r"\.commit\(\)|\.begin\(\)", path.read_text())
    ]
    assert wrong == []


def test_only_errands_speak_to_the_world_outside():
    assert [found for path in shop_files("services") for found in gateway_callers(path)] == []


def test_every_door_names_its_audience(shop_on):
    wrong = [
        name
        for name, blueprint in shop_on.blueprints.items()
        if not any(
            getattr(hook, "is_audience", False)
            for hook in blueprint.before_request_funcs.get(None, ())
        )
    ]
    assert wrong == []


def test_partials_say_what_they_need_and_extend_nothing():
    wrong = []
    for path in TEMPLATES.rglob("_*.html"):
        text = path.read_text()
        if "{% extends" in text and path.parent.name != "mail":
            wrong.append(f"{path.relative_to(TEMPLATES)} extends")
        if not re.match(r"\{#-?.*(Needs|needs)", text.split("#}")[0] + "#}", re.S):
            wrong.append(f"{path.relative_to(TEMPLATES)} doesn't say what it needs")
    assert wrong == []


def test_templates_hold_no_script_style_or_handler():
    wrong = [
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if path.parent.name != "mail"
        and path.parent.parent.name != "mail"
        and re.search(
            r"""\son[a-z]+=|\sstyle=|hx-on|hx-vals=['"]js|<script>(?!\s*</)|<style|cc-number""",
            path.read_text(),
        )
    ]
    assert wrong == []


def test_files_and_functions_are_short():
    wrong = []
    for path in PYTHON:
        text = path.read_text()
        if (lines := text.count("\n")) > 300:
            wrong.append(f"{path.relative_to(ROOT)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.FunctionDef)
                and node.end_lineno
                and node.end_lineno - node.lineno >= 40
            ):
                wrong.append(
                    f"{path.relative_to(ROOT)} {node.name}: {node.end_lineno - node.lineno + 1} lines"
                )
            is_view = (
                isinstance(node, ast.FunctionDef)
                and "blueprints" in path.parts
                and "shop" in path.parts
                and node.decorator_list
            )
            if is_view and node.end_lineno and node.end_lineno - node.lineno >= 25:
                wrong.append(
                    f"{path.relative_to(ROOT)} view {node.name}: {node.end_lineno - node.lineno + 1} lines"
                )
    wrong += [
        f"{path.relative_to(ROOT)}: too long"
        for path in TEMPLATES.rglob("*.html")
        if path.read_text().count("\n") > 120
    ]
    scripts = {
        path: path.read_text().count("\n") for path in (SHOP / "static" / "js").rglob("*.js")
    }
    wrong += [f"{path.name}: {lines} lines" for path, lines in scripts.items() if lines > 150]
    assert wrong == []
    assert sum(scripts.values()) <= 600


def test_there_are_no_drawers_and_no_strange_names():
    wrong = [str(path.relative_to(ROOT)) for path in PYTHON if path.stem in DRAWERS]
    for floor in ("blueprints", "services", "queries"):
        for path in shop_files(floor):
            feature = path.relative_to(SHOP / floor).parts[-1].removesuffix(".py")
            inner = path.relative_to(SHOP / floor).parts[0].removesuffix(".py")
            if feature != "__init__" and not {feature, inner} & FEATURES:
                wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_nothing_is_skipped_or_left_for_later():
    words = re.compile(
        r"pytest\.(mark\.)?(skip|xfail)|importorskip|\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError"
    )
    wrong = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in PYTHON
        if path != pathlib.Path(__file__)
        for match in words.finditer(path.read_text())
    ]
    assert wrong == []


def test_public_deeds_questions_and_rules_have_docstrings():
    wrong = [
        name
        for floor in ("services", "queries", "rules")
        for name, function in public_functions(f"shop.{floor}")
        if not (function.__doc__ or "").strip()
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_string_is_untranslated(language):
    with (SHOP / f"translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    empty = [
        message.id
        for message in catalog
        if message.id
        and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]
    assert empty == []


def test_htmx_headers_are_read_in_two_places_only():
    allowed = {"respond.py", "audience.py"}
    wrong = [
        str(path.relative_to(ROOT))
        for path in SHOP.rglob("*.py")
        if path.name not in allowed and re.search(r"""["']HX-""", path.read_text())
    ]
    assert wrong == []


def test_only_the_database_module_asks_which_database_it_is():
    wrong = [
        str(path.relative_to(ROOT))
        for path in SHOP.rglob("*.py")
        if floor_of(path) not in {"db", "config"} and re.search(r"dialect", path.read_text())
    ]
    assert wrong == []


def test_locks_are_hashed_and_name_no_host():
    for name in ("core", "dev"):
        text = (ROOT / f"requirements/{name}.txt").read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|index-url", text)


def test_no_page_sets_a_name_that_its_layout_sets_anew():
    """The layout's word would be the last one: `here` was the page's own address until the layout had begun."""
    sets = re.compile(r"{%-? set (\w+) =")
    of_layouts = {
        name
        for path in (TEMPLATES / "layouts").glob("*.html")
        for name in sets.findall(path.read_text())
    }
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in TEMPLATES.rglob("*.html")
        if path.parent.name != "layouts" and "{% extends" in path.read_text()
        for name in of_layouts & set(sets.findall(path.read_text()))
    ]
    assert wrong == []
