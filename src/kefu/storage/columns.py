"""What the tables are made of: kinds of columns, and how constraints are named.

Not here: the tables (``schema``).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Integer, MetaData, Text

# SQLite numbers rows by itself only if the key's type is exactly INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def id_column() -> Column[int]:
    """The key of a table, given by the database."""
    return Column("id", Id, Identity(), primary_key=True)


def ref_column(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    """The id of a row of ``target``."""
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=nullable)


def text_column(name: str, default: str | None = None, *, nullable: bool = False) -> Column[str]:
    """Text; JSON is text, too."""
    return Column(name, Text, nullable=nullable, server_default=default)


def ms_column(name: str, *, nullable: bool = True) -> Column[int]:
    """A time: Unix milliseconds."""
    return Column(name, BigInteger, nullable=nullable)


def count_column(name: str, default: int = 0) -> Column[int]:
    """A small number, or a flag: 0 or 1."""
    return Column(name, Integer, nullable=False, server_default=str(default))
