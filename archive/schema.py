"""Tables of what cannot be worked out again; changes go through `migrations`."""

from __future__ import annotations

import sqlalchemy as sa

from archive.database import Instant

REVISION = "0008"
"""The migration these tables stand at."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("details", sa.Text, nullable=False, doc="canonical JSON, exactly as hashed"),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
)
"""The ledger: one line per act, each bound to the one before."""

document = sa.Table(
    "document",
    metadata,
    sa.Column("id", sa.String(102), primary_key=True),
    sa.Column("received_at", Instant, nullable=False, index=True),
    sa.Column("received_by", sa.Text, nullable=False),
)
"""The work."""

version = sa.Table(
    "version",
    metadata,
    sa.Column("id", sa.String(112), primary_key=True),
    sa.Column("document", sa.ForeignKey("document.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False, doc="as received, NFC"),
    sa.Column("how", sa.Text, nullable=False, doc="by which way it came: web, cli, watch …"),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha512", sa.String(128), nullable=False, unique=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("received_by", sa.Text, nullable=False),
    # Points into the ledger, so that cutting off the ledger's end shows.
    sa.Column("event", sa.ForeignKey("event.seq"), nullable=False),
    sa.UniqueConstraint("document", "number"),
)
"""One file of a document."""

job = sa.Table(
    "job",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("version", sa.ForeignKey("version.id"), nullable=False, unique=True),
    sa.Column("document", sa.ForeignKey("document.id"), nullable=False, index=True),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("queued_at", Instant, nullable=False),
    sa.Column("worker", sa.Text),
    sa.Column("lease", sa.String(32), doc="fresh at each claim; whoever holds it may finish the job"),
    sa.Column("lease_until", Instant),
    sa.Column("finished_at", Instant, doc="when it was done or failed last; kept while it is done again"),
    sa.Column("code", sa.Text, doc="why it failed; stable"),
    sa.Column("detail", sa.Text, doc="why it failed; for people"),
    sa.Column("read_seconds", sa.Float),
    sa.Column("analyse_seconds", sa.Float),
    sa.Column("segment_seconds", sa.Float),
    sa.Column("index_seconds", sa.Float),
    sa.Column("store_seconds", sa.Float),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),
    sa.Index("ix_job_state_queued_at", "state", "queued_at"),
)
"""Work to be done on a version: one job each, taken by lease."""

correction = sa.Table(
    "correction",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False, doc="number of its record in the ledger"),
    # No foreign keys: a catalogue that is made again has these rows before the documents.
    sa.Column("document", sa.String(102), nullable=False, index=True),
    sa.Column("subject", sa.String(10), nullable=False),
    sa.Column("anchor", sa.Text, nullable=False, doc="canonical JSON: equal anchors are equal text"),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("read", sa.Text, nullable=False, doc="what the machine had read"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("corrected_by", sa.Text, nullable=False),
    sa.Column("undoes", sa.BigInteger, unique=True, doc="the correction that this record takes back"),
)
"""What people corrected in the machine's reading; only ever added to."""

body = sa.Table(
    "body",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False, doc="number of its record in the ledger"),
    sa.Column("body", sa.String(80), nullable=False, index=True),
    sa.Column("value", sa.Text, nullable=False, doc="canonical JSON; null: taken out of the register"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
)
"""What the office says of bodies; only ever added to, the last record of a body stands."""
