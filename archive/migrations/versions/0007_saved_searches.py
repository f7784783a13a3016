"""Searches that people keep, and which documents answered them."""

import sqlalchemy as sa
from alembic import op

from archive.database import Instant

revision = "0007"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "saved_search",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.Column("since", Instant),
    )
    op.create_table(
        "saved_match",
        sa.Column("search", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("document", sa.String(102), primary_key=True),
        sa.Column("met_at", Instant, nullable=False),
        sa.Column("seen_at", Instant),
    )
