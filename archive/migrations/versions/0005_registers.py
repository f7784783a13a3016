"""Lines of the registers of incoming and outgoing papers."""

import sqlalchemy as sa
from alembic import op

from archive.database import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "register_line",
        sa.Column("register", sa.String(3), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("document", sa.String(102)),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("paper", sa.Text, nullable=False),
        sa.Column("handling", sa.Text, nullable=False),
        sa.Column("struck", sa.Text),
        sa.Column("revised", sa.BigInteger, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
    )
    op.create_index("ix_register_line_document", "register_line", ["document"])
    op.create_index("ix_register_line_register_day", "register_line", ["register", "day"])
