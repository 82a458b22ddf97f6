"""`make mutants`: change the rules and the ledger in one small way after another; say which changes no test noticed.

ONLY='shop.rules.points.*' tries those again. Known results are kept in mutants/ and tried anew when their function changes;
remove that folder after changing tests. docs/mutants.md explains the changes that are known to go unnoticed.

mutmut passes by every decorated function; here deeds, properties and remembered answers are changed as well.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import libcst as cst
from hypothesis import Phase, settings
from mutmut.__main__ import cli
from mutmut.mutation import file_mutation
from mutmut.mutation.data import SourceFileMutationData
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

# Decorators that work as well around the switch between a function and its mutants.
TRANSPARENT = {"use_case", "property", "cache", "lru_cache"}
# A mutant is found by the first example it fails on; nobody reads the smallest one. The same examples every time.
QUICK: dict[str, Any] = {"max_examples": 25, "phases": (Phase.explicit, Phase.generate)}
COLUMNS = ("killed", "survived", "timeout", "no tests")

_skips = file_mutation.MutationVisitor._skip_node_and_children
_arranges = file_mutation.function_trampoline_arrangement
_runs = PytestRunner.run_tests


def main() -> int:
    """Run mutmut, print the table and what survived; return 1 when a mutant could not be tried."""
    file_mutation.MutationVisitor._skip_node_and_children = _skip  # type: ignore[method-assign]
    file_mutation.function_trampoline_arrangement = _arrange
    PytestRunner.run_tests = _run_tests  # type: ignore[method-assign]
    settings.register_profile("mutants", settings.get_profile("ci"), **QUICK)
    only = os.environ.get("ONLY", "").split()
    cli(["run", "--max-children", os.environ.get("WORKERS", "2"), *only], standalone_mode=False)
    return _report()


def _is_transparent(function: cst.FunctionDef) -> bool:
    names = []
    for one in function.decorators:
        called = one.decorator.func if isinstance(one.decorator, cst.Call) else one.decorator
        names.append(called.value if isinstance(called, cst.Name) else "")
    return bool(names) and set(names) <= TRANSPARENT


def _skip(visitor: file_mutation.MutationVisitor, node: cst.CSTNode) -> bool:
    if isinstance(node, cst.FunctionDef) and _is_transparent(node):
        return False
    return _skips(visitor, node)


def _arrange(
    function: cst.FunctionDef, mutants: Iterable[file_mutation.Mutation], class_name: str | None
) -> Any:
    """Keep such decorators on the switch alone: what it chooses from are bare functions."""
    if not _is_transparent(function):
        return _arranges(function, mutants, class_name)
    bare = function.with_changes(decorators=())
    declared, (switch, *choices), assigned, names = _arranges(bare, mutants, class_name)
    assert isinstance(switch, cst.FunctionDef)
    switch = switch.with_changes(decorators=(*function.decorators, *switch.decorators))
    return declared, (switch, *choices), assigned, names


def _run_tests(runner: PytestRunner, *, mutant_name: str | None, tests: Iterable[str]) -> int:
    """The quick tests first: most mutants don't live to see the others."""
    seconds = state().duration_by_test
    in_turn = sorted(tests, key=lambda test: seconds.get(test, 0.0))
    return _runs(runner, mutant_name=mutant_name, tests=in_turn)


def _report() -> int:
    total: Counter[str] = Counter()
    alive: list[str] = []
    print(_row("module", ["mutants", *COLUMNS, "other"]))
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        found = {name: status_by_exit_code[code] for name, code in data.exit_code_by_key.items()}
        if not found:
            continue
        counts = Counter(found.values())
        total += counts
        alive += [f"{status}: {name}" for name, status in found.items() if status != "killed"]
        print(_row(str(path).removeprefix("shop/"), _figures(counts)))
    print(_row("all", _figures(total)))
    print(*alive, sep="\n")
    return int(total.total() > sum(total[column] for column in COLUMNS))


def _figures(counts: Counter[str]) -> list[int]:
    known = [counts[column] for column in COLUMNS]
    return [counts.total(), *known, counts.total() - sum(known)]


def _row(name: str, figures: Sequence[object]) -> str:
    return f"{name:32}" + "".join(f"{figure!s:>10}" for figure in figures)


if __name__ == "__main__":
    sys.exit(main())
