"""Who an account belongs to is written by a handful of deeds, named here; a new one has to be argued for."""

import ast
import pathlib

from house import SHOP, imports_of

# Column of an account → the modules that may write it, and nobody else: no order, no recipient, no employee's desk.
MAY_WRITE = {
    "email": {
        "services/auth/addresses.py",  # The one place that gives an account an address it has proved.
        "services/auth/appointing.py",  # These three open accounts.
        "services/auth/registering.py",
        "services/auth/vouching.py",
        "services/security/forgetting.py",  # Empties an account at its owner's wish.
    },
    "given_name": {
        "services/auth/registering.py",
        "services/auth/appointing.py",
        "services/auth/vouching.py",
        "services/profile/changing.py",  # The owner, about the owner.
        "services/security/forgetting.py",
    },
    "password_hash": {
        "services/auth/addresses.py",  # Voids the claims of those who hadn't proved it.
        "services/auth/appointing.py",
        "services/auth/registering.py",
        "services/auth/signing_in.py",  # The same password, hashed anew.
        "services/auth/vouching.py",
        "services/recovery/links.py",
        "services/recovery/moving.py",
        "services/security/email.py",
        "services/security/forgetting.py",
        "services/security/owner.py",
        "services/security/password.py",
    },
}
MAY_WRITE["email_confirmed_at"] = MAY_WRITE["email"]
MAY_WRITE["family_name"] = MAY_WRITE["patronymic"] = MAY_WRITE["given_name"]
# Other tables have columns of these names; what is kept of a taker until both sides have said yes is no owner yet.
OTHER_TABLES = {"services/security/handover.py"}
# Who may call the two deeds that decide whose an account is.
CALLERS = {
    "take_address": {
        "services/auth/confirming.py",
        "services/recovery/moving.py",  # After two employees, three days, and the new mailbox.
        "services/security/email.py",
        "services/security/owner.py",
    },
    "make_owner": {"services/security/handover.py"},
    "change_profile": {"blueprints/profile/__init__.py", "services/security/owner.py"},
}


def modules():
    for path in sorted(SHOP.rglob("*.py")):
        yield path.relative_to(SHOP).as_posix(), path


def written_by(path: pathlib.Path) -> set[str]:
    """What a module may write of an account: attributes it assigns, what Account() and update(Account) are given.

    "**" stands for names that only running it would tell.
    """
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.Call) and _called(node) == "setattr":
            found.add("**")
        elif isinstance(node, ast.Call) and _table_of(node) == "Account":
            found |= {word.arg or "**" for word in node.keywords}
            found |= {"**" for _ in node.args if _called(node) == "values"}
    return found


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _table_of(call: ast.Call) -> str:
    """«Account» for Account(…), and for values(…) somewhere behind update(Account) or insert(Account)."""
    if _called(call) != "values":
        return _called(call)
    inner = call.func
    while isinstance(inner, ast.Attribute | ast.Call):
        if isinstance(inner, ast.Call) and _called(inner) in {"update", "insert"}:
            return getattr(inner.args[0], "id", "")
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return ""


def knows_accounts(path: pathlib.Path) -> bool:
    return "shop.models.auth.Account" in imports_of(path) or "shop.models.Account" in imports_of(
        path
    )


def test_only_deeds_that_have_heard_the_owner_write_who_the_owner_is():
    wrong = [
        f"{name} writes {column}"
        for name, path in modules()
        if name not in OTHER_TABLES
        for column in sorted(written_by(path) & set(MAY_WRITE))
        if name not in MAY_WRITE[column]
    ]

    assert wrong == []


def test_whoever_writes_columns_without_naming_them_is_known():
    """`setattr` and `**names` say nothing of what they write: only these may use them where accounts are known."""
    unnamed = {
        name for name, path in modules() if knows_accounts(path) and "**" in written_by(path)
    }

    assert unnamed <= {
        "services/auth/appointing.py",
        "services/auth/registering.py",
        "services/auth/vouching.py",
        "services/profile/changing.py",
        "services/security/handover.py",
    }


def test_only_these_decide_whose_an_account_is():
    wrong = []
    for name, path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in CALLERS and name not in CALLERS[called]:
                wrong.append(f"{name} calls {called}")

    assert wrong == []


def test_tables_outside_the_models_are_written_through_them_only():
    """No raw SQL that these tests couldn't see."""
    wrong = [
        name
        for name, path in modules()
        if not name.startswith("db/") and "update account" in path.read_text().lower()
    ]

    assert wrong == []
