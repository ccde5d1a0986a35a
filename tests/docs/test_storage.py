"""The page on storage lists every table."""

from __future__ import annotations

from kefu.storage.schema import metadata
from tests.docs.pages import rows


def test_the_page_lists_every_table_in_the_schemas_order():
    listed = [cells[0].strip("`") for cells in rows("docs/storage.md", "## Tables")]
    assert listed == [*metadata.tables, "alembic_version"]
