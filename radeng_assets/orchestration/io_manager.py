"""One IO manager: records as JSON, tables as CSV, on any file system that fsspec knows. No pickle."""

from __future__ import annotations

from typing import Any, get_origin

import dagster as dg
import pandas as pd
from pydantic import TypeAdapter
from pydantic_core import to_json
from upath import UPath

_SUFFIX = {True: ".csv", False: ".json"}


class RecordIOManager(dg.UPathIOManager):
    """Stores an asset's value below ``base`` by asset key and partition.

    A ``pandas.DataFrame`` becomes CSV without index; everything else must be a pydantic type, and becomes
    indented JSON. What the consumer's annotation asks for is validated on the way back in.
    """

    def __init__(self, base: UPath) -> None:
        super().__init__(base_path=base)

    def dump_to_path(self, context: dg.OutputContext, obj: Any, path: UPath) -> None:
        """Write whole or not at all: a draft beside the file is moved over it."""
        is_table = isinstance(obj, pd.DataFrame)
        text = obj.to_csv(index=False) if is_table else to_json(obj, indent=2).decode()
        target = self._typed(path, is_table)
        draft = target.with_name(f".{target.name}.{context.run_id}")
        draft.write_text(text, encoding="utf-8")
        draft.rename(target)

    def load_from_path(self, context: dg.InputContext, path: UPath) -> Any:
        """Read a value as the type that the consumer declares; ``FileNotFoundError`` if never stored."""
        wanted: Any = context.dagster_type.typing_type
        if get_origin(wanted) is dict:  # several partitions at once: {partition: value}
            wanted = wanted.__args__[1]
        if wanted is pd.DataFrame:
            with self._typed(path, table=True).open(encoding="utf-8") as stream:
                return pd.read_csv(stream)
        return TypeAdapter(wanted).validate_json(self._typed(path, table=False).read_bytes())

    def get_metadata(self, context: dg.OutputContext, obj: Any) -> dict[str, Any]:
        """Row count and columns of a table; nothing for records."""
        del context
        if isinstance(obj, pd.DataFrame):
            schema = dg.TableSchema([dg.TableColumn(str(name)) for name in obj.columns])
            return {"dagster/row_count": len(obj), "dagster/column_schema": schema}
        return {}

    def _typed(self, path: UPath, table: bool) -> UPath:
        return path.with_name(path.name + _SUFFIX[table])


class RecordIO(dg.ConfigurableIOManagerFactory[RecordIOManager]):
    """The IO manager over ``base``, a path or fsspec URL."""

    base: str

    def create_io_manager(self, context: dg.InitResourceContext) -> RecordIOManager:
        """Called by Dagster once a process."""
        del context
        return RecordIOManager(UPath(self.base))
