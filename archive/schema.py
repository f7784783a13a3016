"""Tables of what cannot be worked out again; changes go through `migrations`."""

from __future__ import annotations

import sqlalchemy as sa

from archive.database import Instant

REVISION = "0009"
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

saved_search = sa.Table(
    "saved_search",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False, doc="number of its record in the ledger"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("asked", sa.Text, nullable=False, doc="canonical JSON: query and filters as the address has them"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("since", Instant, doc="what was received until then counts as seen: set when the matches were lost"),
)
"""Searches that people keep to be told of new matches."""

saved_match = sa.Table(
    "saved_match",
    metadata,
    # No foreign keys: as for corrections.
    sa.Column("search", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("document", sa.String(102), primary_key=True),
    sa.Column("met_at", Instant, nullable=False, doc="when it was found to answer for the first time"),
    sa.Column("seen_at", Instant, doc="when a person looked; empty: new"),
)
"""Documents that answered a saved search: reading them again does not make them new."""

register_line = sa.Table(
    "register_line",
    metadata,
    sa.Column("register", sa.String(3), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    # No foreign key, as for corrections; null for a paper that is registered and not held.
    sa.Column("document", sa.String(102), index=True),
    sa.Column("day", sa.Date, nullable=False, doc="day of arrival, or of the paper that went out"),
    sa.Column("paper", sa.Text, nullable=False, doc="JSON: what the paper says, as registered"),
    sa.Column("handling", sa.Text, nullable=False, doc="JSON: who has it, since when, what a person noted"),
    sa.Column("struck", sa.Text, doc="why the line is void; its number is never given again"),
    sa.Column("revised", sa.BigInteger, nullable=False, doc="the last record of the ledger that it follows"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("entered_by", sa.Text, nullable=False),
    sa.Index("ix_register_line_register_day", "register", "day"),
)
"""The registers of papers that came and went (sổ đăng ký văn bản đến, đi), as their last records in the ledger say."""

fonds = sa.Table(
    "fonds",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False, doc="canonical JSON"),
    sa.Column("event", sa.BigInteger, nullable=False, doc="the last record about it"),
)
"""Whose papers they are (phông lưu trữ): the office itself, and bodies that are no more."""

dossier = sa.Table(
    "dossier",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    # No foreign keys here and below: a catalogue that is made again has these rows before the documents.
    sa.Column("fonds", sa.String(40), nullable=False, doc="empty: the office's own, not described"),
    sa.Column("year", sa.Integer, nullable=False, doc="of the list of dossiers it stands in"),
    sa.Column("code", sa.String(60), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("heading", sa.Text, nullable=False),
    sa.Column("keeper", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("unit", sa.String(10), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("opened_on", sa.Date),
    sa.Column("ended_on", sa.Date),
    sa.Column("term", sa.Text, doc="canonical JSON: how long it is kept, who decided that, when and why"),
    sa.Column("disposal", sa.String(40), doc="the list for destruction that it stands in"),
    sa.Column("handover", sa.String(40)),
    sa.Column("planned", sa.BigInteger, nullable=False, doc="the first record about it: the order of its list"),
    sa.Column("event", sa.BigInteger, nullable=False, doc="the last record about it"),
    sa.Index("ix_dossier_year_code", "year", "code"),
)
"""Papers of one matter (hồ sơ), from the planned line of a year's list to its destruction."""

dossier_document = sa.Table(
    "dossier_document",
    metadata,
    sa.Column("dossier", sa.String(40), primary_key=True),
    sa.Column("document", sa.String(102), primary_key=True, index=True),
    sa.Column("belongs", sa.Boolean, nullable=False, doc="False: a person said that it does not"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("leaves", sa.Integer, doc="sheets or pages, as the dossier counts them"),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("described", sa.Text, doc="canonical JSON: the line of the list as it stood when the dossier was closed"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("event", sa.BigInteger, nullable=False),
)
"""Which papers lie in which dossiers; one may lie in several."""

hold = sa.Table(
    "hold",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False, doc="number of its record in the ledger"),
    sa.Column("subject", sa.String(102), nullable=False, index=True, doc="a dossier or a document"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("lifted", sa.Text, doc="canonical JSON: who lifted it, when and why"),
    sa.Column("event", sa.BigInteger, nullable=False),
)
"""What may not be destroyed, whatever its term (giữ lại)."""

handover = sa.Table(
    "handover",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("event", sa.BigInteger, nullable=False),
)
"""Dossiers handed over to the archive (giao nhận), as they stood then."""

disposal = sa.Table(
    "disposal",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False, doc="canonical JSON: the list, the decision, the minutes"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("event", sa.BigInteger, nullable=False),
)
"""Lists of dossiers without further value (danh mục hết giá trị) and what became of them."""

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
