"""Waivers, good and bad."""
from alembic import op

revision = "003"
down_revision = "002"


def upgrade():
    # The old tables are not read any more.
    # CI:DESTRUCTIVE_OK - See ADR-015
    op.drop_table("legacy")
    op.drop_table(
        "legacy_items",  # CI:DESTRUCTIVE_OK - See ADR-015
    )
    op.execute("DROP TABLE a")  # CI:DESTRUCTIVE_OK
    op.execute("DROP TABLE b")  # CI:DESTRUCTIVE_OK - See ADR-999
    op.execute("""
        -- CI:DESTRUCTIVE_OK ADR-015
        DROP TABLE c;
        DROP TABLE d;
    """)
    # CI:DESTRUCTIVE_OK - See ADR-015

    op.drop_column("t", "x")
