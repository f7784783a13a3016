"""Records may lose the words of a withdrawn paper, and nothing else: place, hash and who did it stay."""

from alembic import op

revision = "0009"
down_revision = "0008"

_REFUSAL = "the ledger is only ever added to"
_KEPT = ("seq", "at", "actor", "kind", "subject", "previous", "hash")
_SAME = " AND ".join(f"NEW.{name} = OLD.{name}" for name in _KEPT)
_CLEARED = f"""({_SAME} AND NEW.details LIKE '%"cleared":{{%')"""


def upgrade() -> None:
    """Let the trigger pass a record whose details say that they were cleared; `ledger` asks who said so."""
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TRIGGER IF EXISTS event_kept_update")
        op.execute(
            f"CREATE TRIGGER event_kept_update BEFORE UPDATE ON event WHEN NOT {_CLEARED} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION event_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF {_CLEARED} THEN RETURN NEW; END IF; END IF; "
        f"RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
