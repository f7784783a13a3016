"""Derived tables: everything here can be worked out again from the originals, so there are no migrations.

`REVISION` is stamped into the database; another value there means: drop, create, read everything again.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from archive.database import Instant

Key = String(120).with_variant(String(120, collation="C"), "postgresql")
"""Key of a number. Ordered by its bytes on every database, so that an index finds what begins alike."""

REVISION = 9
"""Raise it when these tables, or what `corpus` reads out of a text, change."""

metadata = MetaData()

stamp = Table(
    "derived_stamp",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

reading = Table(
    "reading",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("version", String(80), nullable=False),
    Column("media_type", String(120), nullable=False),
    Column("source", String(40), nullable=False),
    Column("encoding", String(20), nullable=False),
    Column("kind", String(40), index=True),
    Column("number", String(120)),
    Column("number_key", Key, index=True),
    Column("issued_on", Date, index=True),
    Column("year", Integer, index=True),
    Column("issuer", Text),
    Column("title", Text),
    Column("signer", Text),
    Column("pages", Integer),
    Column("tasks", Integer, nullable=False),
    Column("verdict", String(40), nullable=False),
    # Last: a row's first page then holds all that lists and facets ask for.
    Column("heading", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("signatures", Text, nullable=False),
    Column("layout", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
)
"""One row a document: its newest version's text, and the heading's fields that lists need."""

paper = Table(
    "paper",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("section", String(20), primary_key=True),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("heading", Text, nullable=False),
    Column("kind", String(40), index=True),
    Column("number", String(120)),
    Column("number_key", Key, index=True),
    Column("issued_on", Date, index=True),
    Column("year", Integer, index=True),
    Column("issuer", Text),
    Column("title", Text),
    Column("signer", Text),
)
"""Further documents of one file, each in a section of its own; the first one's heading is in `reading`."""

document_key = Table(
    "document_key",
    metadata,
    Column("document", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("paper", String(20), nullable=False, default=""),
    Index("document_key_by_key", "key"),
    Index("document_key_by_document", "document"),
)
"""Under which keys (`corpus.resolve.own_keys`) a document, or the `paper` of it, answers to a citation."""

section = Table(
    "section",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", String(200), nullable=False),
    Column("label", String(200), nullable=False),
    Column("level", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("parent", String(200)),
)

citation = Table(
    "citation",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("value", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("number_key", Key, index=True),
    Column("section", String(200)),
    Column("paper", String(20), nullable=False, default=""),
    Column("whole", Boolean, nullable=False),
    Column("itself", Boolean, nullable=False, default=False),
)
"""`paper`: the further document of the file in which it stands; `whole`: the document is cited, not a place
inside it; `itself`: it speaks of its own document.
"""

citation_key = Table(
    "citation_key",
    metadata,
    Column("document", String(40), nullable=False),
    Column("position", Integer, nullable=False),
    Column("key", String(200), nullable=False),
    Index("citation_key_by_key", "key"),
    Index("citation_key_by_document", "document"),
)

link = Table(
    "link",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("target", String(40), primary_key=True),
    Column("chosen", Boolean, nullable=False),
    Column("score", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("paper", String(20), nullable=False, default=""),
    Index("link_by_target", "target"),
)
"""Documents a citation may mean; at most one is chosen, none when two are as good.

`paper`: the section of the further document in the target's file that is meant; empty for the first one.
"""

task = Table(
    "task",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("value", Text, nullable=False),
    Column("section", String(200), nullable=False),
    Column("start", Integer, nullable=False),
)

fulfilment = Table(
    "fulfilment",
    metadata,
    Column("plan", String(40), primary_key=True),
    Column("paper", String(40), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("task", String(200), nullable=False),
    Column("task_start", Integer, nullable=False),
    Column("section", String(200)),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("score", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("page", Integer),
    Column("done_on", Date),
    Column("copied", Boolean, nullable=False),
    Index("fulfilment_by_paper", "paper"),
    # All that the states of a plan's tasks need: the rows themselves, with their quotes, are long.
    Index(
        "fulfilment_states", "plan", "task_start", "paper", "position", "status", "score", "done_on", "copied",
    ),
)
"""Passages proposed as answers to the tasks of a plan."""

party = Table(
    "party",
    metadata,
    Column("document", String(40), nullable=False),
    Column("role", String(8), nullable=False),
    Column("key", String(160), nullable=False),
    Index("party_by_key", "key", "role"),
    Index("party_by_document", "document"),
)
"""Bodies under one key (`corpus.parties`): `asked` of a plan's tasks, `speaks` for a paper's issuer and subjects.

A plan and a paper that cite nothing meet here.
"""

part = Table(
    "part",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("held", String(40), nullable=False),
    Index("part_by_held", "held"),
)
"""Documents that came inside another file: a ZIP, a message, an exchange envelope."""

body_name = Table(
    "body_name",
    metadata,
    Column("document", String(40), nullable=False),
    Column("key", String(160), nullable=False),
    Index("body_name_by_key", "key"),
    Index("body_name_by_document", "document"),
)
"""Under which names (`corpus.bodies.key`) a file names bodies: what is linked again when the register changes."""

decided = Table(
    "decided",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("target", String(40)),
    Column("by", Text, nullable=False),
)
"""What people say a citation means: a document, or none of those held; taken from the archive's corrections."""

judged = Table(
    "judged",
    metadata,
    Column("plan", String(40), primary_key=True),
    Column("correction", BigInteger, primary_key=True),
    Column("task_start", Integer),
    Column("paper", String(40), nullable=False),
    Column("position", Integer),
    Column("section", String(200)),
    Column("start", Integer),
    Column("stop", Integer),
    Column("quote", Text, nullable=False),
    Column("page", Integer),
    Column("status", String(20), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("suspect", Boolean, nullable=False),
    Column("was_task", Text, nullable=False),
    Column("was_quote", Text, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("added", Boolean, nullable=False),
    Column("done_on", Date),
    Index("judged_by_paper", "paper"),
)
"""What people say of evidence, laid over tasks and passages as they are read now; no `task_start` or `start`: that
side is no longer found. `position`: the proposal it decides. `whole`: the paper itself is the answer, no passage of it.
`added`: nothing was proposed there when the person decided."""

laid = Table(
    "laid",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("correction", BigInteger, primary_key=True),
    Column("place", Text),
)
"""Where each correction in force was laid; no place: its words are no longer found."""

task_move = Table(
    "task_move",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("plan", String(40), primary_key=True),
    Column("section", Text),
    Column("onto", Text),
    Column("by", Text, nullable=False),
    Column("correction", BigInteger, nullable=False),
    Index("task_move_by_plan", "plan"),
)
"""What people said of a task (by its start) and a newer plan: the words of that plan's task which goes on with it,
or none: no task of that plan does."""

sketch_band = Table(
    "sketch_band",
    metadata,
    Column("document", String(40), nullable=False),
    Column("key", String(24), nullable=False),
    Index("sketch_band_by_key", "key"),
    Index("sketch_band_by_document", "document"),
)
"""Keys (`corpus.copies.bands`) under which texts meet that are much the same."""

twin = Table(
    "twin",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("other", String(40), primary_key=True),
    Column("likeness", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Index("twin_by_other", "other"),
)
"""Papers that may be versions of one document; each pair once."""

version_of = Table(
    "version_of",
    metadata,
    Column("document", String(40), primary_key=True),
    Column("other", String(40), primary_key=True),
    Column("same", Boolean, nullable=False),
    Index("version_of_by_other", "other"),
)
"""What people said: `document` is a version of `other`, which others cite; or it is not."""

BY_DOCUMENT = (
    reading, paper, document_key, section, citation, citation_key, task, party, part, body_name,
    decided, laid, version_of, task_move,
)  # fmt: skip
"""Tables whose rows belong to one document and are replaced together."""
