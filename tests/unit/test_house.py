"""The house keeps its own rules: small rooms, no mutable globals, imports that go down only."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("monitor", "streams", "tests")

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 40
DEEPEST_NESTING = 3

BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.Match)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTABLE_KINDS = {"list", "dict", "set", "deque", "defaultdict", "Counter", "bytearray"}

NOT_OURS = re.compile(
    r"(?<![\w.~-])/(?:work|root|tmp)/"  # paths of one machine
    r"|\bpypi\.org\b|\bpythonhosted\.org\b|\brepo1?\.maven\b|\bmaven\.org\b|\bnpmjs\.org\b"
)


def sources() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its docstring: explaining costs nothing."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def depth(node: ast.AST) -> int:
    """Return how many blocks stand inside one another; `elif` goes no deeper."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTIONS):
            continue
        chained = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        deepest = max(deepest, depth(child) + (isinstance(child, BLOCKS) and not chained))
    return deepest


def mutable_globals(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and is_mutable(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (each.id for each in targets if isinstance(each, ast.Name) and not each.id.isupper())


def is_mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in MUTABLE_KINDS
    return isinstance(value, MUTABLE)


def at(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_are_small() -> None:
    lengths = {at(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_functions_are_small() -> None:
    long = [
        f"{at(path)}:{function.lineno} {function.name}"
        for path in sources()
        for function in functions(path)
        if length(function) > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_functions_are_flat() -> None:
    deep = [
        f"{at(path)}:{function.lineno} {function.name}"
        for path in sources()
        for function in functions(path)
        if depth(function) > DEEPEST_NESTING
    ]
    assert deep == []


def test_no_file_is_named_for_what_has_no_place() -> None:
    assert [
        at(path) for path in sources() if path.stem in {"utils", "util", "helpers", "common", "misc"}
    ] == []


def test_no_class_is_a_manager() -> None:
    classes = re.compile(r"^class \w*Manager\b", flags=re.MULTILINE)
    assert [at(path) for path in sources() if classes.search(path.read_text(encoding="utf-8"))] == []


def test_no_module_holds_state() -> None:
    found = [f"{at(path)}: {name}" for path in sources() for name in mutable_globals(path)]
    assert [each for each in found if not each.endswith(": __all__")] == []


def test_imports_go_down_the_stairs() -> None:
    run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")


def test_the_linter_has_nothing_to_say() -> None:
    run("-m", "ruff", "check", "--quiet", ".")


def test_the_formatter_has_nothing_to_do() -> None:
    run("-m", "ruff", "format", "--quiet", "--check", ".")


@pytest.mark.slow
def test_the_types_hold() -> None:
    run("-m", "mypy")


def test_nothing_names_a_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    found = [
        f"{name}:{number}"
        for name in filter(None, listed.stdout.split("\0"))
        if (path := ROOT / name).is_file() and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if NOT_OURS.search(line)
    ]
    assert found == []
