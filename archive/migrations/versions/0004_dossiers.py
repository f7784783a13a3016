"""Dossiers with their papers, fonds, holds on destruction, hand-overs, and lists of what is to be destroyed."""

import sqlalchemy as sa
from alembic import op

from archive.database import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    _dossiers()
    _papers()
    _appraisal()


def _dossiers() -> None:
    op.create_table(
        "fonds",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("event", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "dossier",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("fonds", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("keeper", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("unit", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("opened_on", sa.Date),
        sa.Column("ended_on", sa.Date),
        sa.Column("term", sa.Text),
        sa.Column("disposal", sa.String(40)),
        sa.Column("handover", sa.String(40)),
        sa.Column("planned", sa.BigInteger, nullable=False),
        sa.Column("event", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_dossier_year_code", "dossier", ["year", "code"])


def _papers() -> None:
    op.create_table(
        "dossier_document",
        sa.Column("dossier", sa.String(40), primary_key=True),
        sa.Column("document", sa.String(102), primary_key=True),
        sa.Column("belongs", sa.Boolean, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("leaves", sa.Integer),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("described", sa.Text),
        sa.Column("at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("event", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_dossier_document_document", "dossier_document", ["document"])


def _appraisal() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("subject", sa.String(102), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("lifted", sa.Text),
        sa.Column("event", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_hold_subject", "hold", ["subject"])
    for name in ("handover", "disposal"):
        op.create_table(
            name,
            sa.Column("id", sa.String(40), primary_key=True),
            sa.Column("value", sa.Text, nullable=False),
            sa.Column("at", Instant, nullable=False),
            sa.Column("by", sa.Text, nullable=False),
            sa.Column("event", sa.BigInteger, nullable=False),
        )
