"""The first tables: ledger, documents, versions, jobs."""

import sqlalchemy as sa
from alembic import op

from archive.database import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _ledger()
    _documents()
    _jobs()


def _ledger() -> None:
    op.create_table(
        "event",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("hash", name="uq_event_hash"),
    )
    op.create_index("ix_event_subject", "event", ["subject"])


def _documents() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.String(102), primary_key=True),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
    )
    op.create_index("ix_document_received_at", "document", ["received_at"])
    op.create_table(
        "version",
        sa.Column("id", sa.String(112), primary_key=True),
        sa.Column(
            "document",
            sa.String(102),
            sa.ForeignKey("document.id", name="fk_version_document"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha512", sa.String(128), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column(
            "event", sa.BigInteger, sa.ForeignKey("event.seq", name="fk_version_event"), nullable=False
        ),
        sa.UniqueConstraint("document", "number", name="uq_version_document_number"),
        sa.UniqueConstraint("sha512", name="uq_version_sha512"),
    )
    op.create_index("ix_version_sha256", "version", ["sha256"])


def _jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "version", sa.String(112), sa.ForeignKey("version.id", name="fk_job_version"), nullable=False
        ),
        sa.Column(
            "document", sa.String(102), sa.ForeignKey("document.id", name="fk_job_document"), nullable=False
        ),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("queued_at", Instant, nullable=False),
        sa.Column("worker", sa.Text),
        sa.Column("lease", sa.String(32)),
        sa.Column("lease_until", Instant),
        sa.Column("finished_at", Instant),
        sa.Column("code", sa.Text),
        sa.Column("detail", sa.Text),
        sa.Column("read_seconds", sa.Float),
        sa.Column("analyse_seconds", sa.Float),
        sa.Column("segment_seconds", sa.Float),
        sa.Column("index_seconds", sa.Float),
        sa.Column("store_seconds", sa.Float),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="ck_job_state"),
        sa.UniqueConstraint("version", name="uq_job_version"),
    )
    op.create_index("ix_job_document", "job", ["document"])
    op.create_index("ix_job_state_queued_at", "job", ["state", "queued_at"])
