"""The documents against the code, by name."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = "".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))
CODE = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "postbox").rglob("*.py")]
NAMED = {
    node.name
    for tree in CODE
    for node in ast.walk(tree)
    if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
}


def test_every_public_class_is_named():
    classes = {node.name for tree in CODE for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    assert {name for name in classes if f"`{name}" not in DOCUMENTS} == set()


def test_nothing_is_named_that_is_not_there():
    said = set(re.findall(r"`([A-Z][a-z]\w*|[a-z]+_[a-z_]+)`", DOCUMENTS))
    assert said - NAMED == set()


def test_every_path_is_there():
    paths = re.findall(r"\((postbox/[\w/]+\.py)\)", DOCUMENTS)
    assert paths
    assert [path for path in paths if not (ROOT / path).is_file()] == []
