"""The ledger is only ever added to: the database itself refuses to change or remove a record.

Whoever may drop these triggers is still found out by the chain and the checkpoints.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_REFUSAL = "the ledger is only ever added to"


def upgrade() -> None:
    """Put the triggers on the table."""
    if op.get_context().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER event_kept_{act.lower()} BEFORE {act} ON event "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION event_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_kept_update BEFORE UPDATE OR DELETE ON event "
        "FOR EACH ROW EXECUTE FUNCTION event_kept()"
    )
    op.execute(
        "CREATE TRIGGER event_kept_truncate BEFORE TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION event_kept()"
    )
