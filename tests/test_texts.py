"""Every text that a person reads goes through the catalogues, and these are complete."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    path for folder in ("oasis_studio", "training/oasis_training") for path in (ROOT / folder).rglob("*.py")
)

FIRST = """
setText setWindowTitle setToolTip setStatusTip setWhatsThis setPlaceholderText setAccessibleName
setAccessibleDescription setTitle setSuffix setPrefix setLabelText setSpecialValueText setInformativeText
setHorizontalHeaderLabels setHeaderLabels addMenu addItem addTab addButton setTabText showMessage QLabel QPushButton
QCheckBox QRadioButton QMenu QGroupBox QDockWidget QTableWidgetItem QListWidgetItem QStandardItem label heading print
echo add_column
"""
SHOWN: dict[str, tuple[int | str, ...]] = {
    **dict.fromkeys(FIRST.split(), (0,)),
    **dict.fromkeys(["addAction", "insertItem", "drawText"], (0, 1, 2)),
    **dict.fromkeys(["getOpenFileName", "getSaveFileName", "getExistingDirectory", "getColor", "getText"], (1, 2)),
    **dict.fromkeys(["IconButton", "ActionSpec"], (1,)),
    **dict.fromkeys(["StudioError", "MemoryShortage"], (0, 1, "message", "hint")),
    **dict.fromkeys(["add_argument", "add_parser", "Option", "Argument", "command", "Typer"], ("help", "metavar")),
    "ArgumentTypeError": (0,),
}
"""Where calls of these names take what is shown: by place or keyword."""

TRANSLATIONS = {"_", "ngettext", "local_name", "marked"}
NOT_READ = {"debug", "info", "warning", "error", "critical", "exception"}
"""Calls of the log, which is written for those who help."""
NOT_PROSE = re.compile(
    r"OASIS Studio|PyTorch|LabelMix|\(\*\.\w+\)|#?rrggbb|\bpx\b|\bx\b|\by\b|[A-Z…]+( [A-Z…]+)*$|<[^>]*>|\\n"
)
SENTENCE = re.compile(r"^[A-Z][a-z]+[ ,][^\n]* [^\n]*[.?!…]$")
FOR_DEVELOPERS = {
    "oasis_studio/ui/window/selftest.py": "prints for those who build installers",
    "oasis_studio/synthesis/service/serving.py": "a line of the other process's log",
    "training/oasis_training/run/control.py": "a line of the trainer's log",
}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_that_is_shown_escapes_translation(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() in FOR_DEVELOPERS:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [f"line {line}: {text!r}" for line, text in (*shown_literals(tree), *sentences(tree))]
    assert not found, "not in _(): " + "; ".join(found)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_translated_is_a_whole_literal_and_is_looked_up_when_it_is_shown(path: Path) -> None:
    """No f-string or variable, which no catalogue could have; not at import, when no language is installed.

    The modules of the command line are imported behind the choice of language, and typer wants its texts there.
    """
    if path.name == "i18n.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if called(node) in {"_", "ngettext"}]
    literal = [
        all(isinstance(text, ast.Constant) for text in call.args[: 2 if called(call) == "ngettext" else 1])
        for call in calls
    ]
    assert all(literal), f"not literal in line {calls[literal.index(False)].lineno}"
    if path.parent.name != "cli":
        early = [node.lineno for node in at_import(tree) if called(node) in TRANSLATIONS - {"marked"}]
        assert not early, f"looked up at import in line {early}"


def test_the_search_for_texts_sees_what_it_should() -> None:
    def found(code: str) -> list[str]:
        tree = ast.parse(code)
        return [text for _line, text in (*shown_literals(tree), *sentences(tree))]

    assert found('button.setToolTip("Close it")') == ["Close it"]
    assert found('label(f"{count} pixels", "dim")') == [" pixels"]
    assert found('StudioError(_("Bad."), "Try again")') == ["Try again"]
    assert found('x = "Choose a class, or none."') == ["Choose a class, or none."]
    assert found('parser.add_argument("--out", help="where to")') == ["where to"]
    assert found('label(_("Good"), "dim"); log.warning("The disk is full here.")') == []
    assert found('def f():\n    """This is what it does."""\n    raise ValueError("The shape is wrong here.")') == []


def shown_literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of the literals in the places of :data:`SHOWN`."""
    for node in ast.walk(tree):
        places = SHOWN.get(called(node), ())
        if not isinstance(node, ast.Call) or not places:
            continue
        arguments = [value for argument in node.args for value in spread(argument)]
        given = [value for place, value in enumerate(arguments) if place in places]
        given += [keyword.value for keyword in node.keywords if keyword.arg in places]
        for value in given:
            for literal in untranslated(value, into_calls=False):
                if re.search(r"[^\W\d_]{2}", NOT_PROSE.sub("", literal.value)):
                    yield literal.lineno, literal.value


def sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Literals that look like sentences, wherever they are but in documentation, the log and faults of the code."""
    for literal in untranslated(tree, into_calls=True):
        if SENTENCE.match(literal.value):
            yield literal.lineno, literal.value


def untranslated(node: ast.AST, into_calls: bool) -> Iterator[ast.Constant]:
    """The strings below ``node`` that are shown as they are; those that are given to functions, if wished."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node
    elif isinstance(node, ast.Call) and not into_calls:
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"join", "format"}:
            for part in (node.func.value, *(node.args if node.func.attr == "join" else ())):
                yield from untranslated(part, into_calls)
    elif not is_unread(node):
        for child in ast.iter_child_nodes(node):
            yield from untranslated(child, into_calls)


def is_unread(node: ast.AST) -> bool:
    """Is what is below it translated, or nothing that anybody reads?"""
    if isinstance(node, ast.Raise):  # a fault of the code, or of a file that is told about in another sentence
        return isinstance(node.exc, ast.Call) and called(node.exc) not in SHOWN
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)  # documentation
    is_key = isinstance(node, (ast.Subscript, ast.Compare, ast.Assert))
    return is_key or called(node) in TRANSLATIONS or is_log(node)


def at_import(tree: ast.Module) -> Iterator[ast.Call]:
    """The calls that happen when the module is imported."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            defaults = [value for value in (*node.args.defaults, *node.args.kw_defaults) if value is not None]
            waiting += defaults
        else:
            waiting += ast.iter_child_nodes(node)


def called(node: ast.AST) -> str:
    """The name of what is called, "" if nothing is."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def spread(argument: ast.expr) -> list[ast.expr]:
    """The arguments that are written as ``*(…)``, or this one."""
    is_tuple = isinstance(argument, ast.Starred) and isinstance(argument.value, ast.Tuple)
    return argument.value.elts if is_tuple else [argument]  # type: ignore[attr-defined]


def is_log(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr in NOT_READ and isinstance(node.func.value, ast.Name) and node.func.value.id == "log"
