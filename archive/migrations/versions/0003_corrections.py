"""What people correct in the machine's reading: fields, sections, citations, links."""

import sqlalchemy as sa
from alembic import op

from archive.database import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "correction",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("document", sa.String(102), nullable=False),
        sa.Column("subject", sa.String(10), nullable=False),
        sa.Column("anchor", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("read", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("corrected_by", sa.Text, nullable=False),
        sa.Column("undoes", sa.BigInteger),
        sa.UniqueConstraint("undoes", name="uq_correction_undoes"),
    )
    op.create_index("ix_correction_document", "correction", ["document"])
