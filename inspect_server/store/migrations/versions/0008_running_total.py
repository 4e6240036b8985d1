"""The running total of what was written once; what is there already is counted by its time."""

import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, create_guards, drop_guards

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GUARDS = {"counted": Guard(frozen=None)}
WHEN = sa.DateTime(timezone=True)
COUNTED = {
    "audit": (
        sa.table(
            "audit_event",
            sa.column("id", sa.Uuid()),
            sa.column("at", WHEN),
            *(sa.column(name, sa.String()) for name in ("actor", "action", "subject", "outcome")),
        ),
        "at",
    ),
    "receipt": (
        sa.table(
            "receipt",
            sa.column("id", sa.Uuid()),
            sa.column("replica_id", sa.String()),
            sa.column("upto_seq", sa.Integer()),
            sa.column("issued_at", WHEN),
            sa.column("body", sa.LargeBinary()),
            sa.column("signature", sa.LargeBinary()),
        ),
        "issued_at",
    ),
    "file": (
        sa.table(
            "blob",
            sa.column("sha256", sa.String()),
            sa.column("size", sa.BigInteger()),
            sa.column("mime", sa.String()),
            sa.column("created_at", WHEN),
        ),
        "created_at",
    ),
    "chain": (
        sa.table(
            "hash_chain",
            sa.column("id", sa.Uuid()),
            *(
                sa.column(name, sa.String())
                for name in ("kind", "holder", "suite", "anchor_hex", "public_key_hex")
            ),
            *(sa.column(name, sa.Integer()) for name in ("year", "length")),
            sa.column("created_at", WHEN),
        ),
        "created_at",
    ),
}


def upgrade() -> None:
    op.create_table(
        "counted",
        sa.Column("pos", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("total", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("pos", name=op.f("pk_counted")),
        sa.UniqueConstraint("kind", "item", name=op.f("uq_counted_kind_item")),
    )
    _count(op.get_bind())
    create_guards(op.get_bind(), GUARDS)


def downgrade() -> None:
    drop_guards(op.get_bind(), GUARDS)
    op.drop_table("counted")


def _count(connection: sa.Connection) -> None:
    leaves = sa.table("record_leaf", *map(sa.column, ("leaf", "at", "case_name", "case_seq")))
    query = sa.select(leaves.c.leaf).order_by(leaves.c.at, leaves.c.case_name, leaves.c.case_seq)
    items = [("leaf", leaf) for leaf in connection.scalars(query)]
    for kind, (table, when) in COUNTED.items():
        rows = connection.execute(sa.select(table).order_by(table.c[when])).mappings()
        items += [(kind, _digest(row)) for row in rows]
    total, counted = "0" * 64, []
    for pos, (kind, item) in enumerate(items, start=1):
        total = hashlib.sha256(f"{total}\n{kind}\n{item}".encode()).hexdigest()
        counted.append({"pos": pos, "kind": kind, "item": item, "total": total})
    if counted:
        names = ("pos", "kind", "item", "total")
        connection.execute(sa.insert(sa.table("counted", *map(sa.column, names))), counted)


def _digest(row: sa.RowMapping) -> str:
    plain = {name: _plain(value) for name, value in row.items()}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC).isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
        case UUID():
            return str(value)
        case _:
            return value
