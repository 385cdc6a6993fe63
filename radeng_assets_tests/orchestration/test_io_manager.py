"""Values as JSON and CSV, by asset and partition; never pickle."""

from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from radeng_assets.orchestration.io_manager import RecordIO
from radeng_assets.record import Record
from radeng_assets_tests.instances import new_instance


class Note(Record):
    text: str
    lines: tuple[int, ...] = ()


PARTS = dg.StaticPartitionsDefinition(["a", "b"])
FRAME = pd.DataFrame({"name": ["x", "y"], "count": [1, 2]})


@dg.asset
def note() -> Note:
    return Note(text="shown", lines=(1, 2))


@dg.asset
def frame() -> pd.DataFrame:
    return FRAME


@dg.asset(partitions_def=PARTS)
def part(context: dg.AssetExecutionContext) -> Note:
    return Note(text=context.partition_key)


@dg.asset
def whole(note: Note, frame: pd.DataFrame, part: dict[str, Note]) -> Note:
    assert frame.equals(FRAME)
    return Note(text=note.text + "".join(sorted(item.text for item in part.values())))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    resources = {"io_manager": RecordIO(base=str(tmp_path))}
    instance = new_instance()
    for key in ("a", "b"):
        assert dg.materialize([part], partition_key=key, resources=resources, instance=instance).success
    result = dg.materialize(
        [note, frame, part, whole], selection=[note, frame, whole], resources=resources, instance=instance
    )
    assert result.output_for_node("whole") == Note(text="shownab")
    return tmp_path


def test_files_are_what_people_can_read(base: Path) -> None:
    files = {str(path.relative_to(base)) for path in base.rglob("*") if path.is_file()}
    assert files == {"note.json", "frame.csv", "part/a.json", "part/b.json", "whole.json"}
    assert (base / "frame.csv").read_text("utf-8") == "name,count\nx,1\ny,2\n"
    assert Note.model_validate_json((base / "note.json").read_bytes()) == Note(text="shown", lines=(1, 2))
