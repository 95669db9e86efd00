"""A migration that only looks dangerous: op.drop_table("accounts")

Revision ID: 001
"""
from alembic import op
import sqlalchemy as sa

revision = "001"
down_revision = None

# op.execute("DROP TABLE accounts")
NOTE = "DROP TABLE accounts"
CREATE = """
    CREATE TABLE events (id bigint PRIMARY KEY, kind text NOT NULL);
    -- DROP TABLE events
    CREATE INDEX events_kind ON events (kind);
    ALTER TABLE events ADD CONSTRAINT kind_ck CHECK (kind <> '');
"""


def upgrade() -> None:
    """DROP TABLE accounts"""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(120), nullable=False),
    )
    op.create_index("accounts_email", "accounts", ["email"], unique=True)
    op.create_foreign_key(None, "accounts", "events", ["id"], ["id"])
    op.add_column("accounts", sa.Column("status", sa.Text(), nullable=False))
    op.execute(CREATE)
    op.execute("INSERT INTO events VALUES (1, 'DROP TABLE accounts')")
    op.execute(
        "CREATE FUNCTION wipe() RETURNS void LANGUAGE plpgsql AS $$"
        " BEGIN DROP TABLE accounts; DELETE FROM events; END $$"
    )
    conn = op.get_bind()
    conn.execute(sa.text("UPDATE legacy SET kind = :kind WHERE id = :id"), {"kind": 1, "id": 2})
    conn.execute(sa.text("SELECT 1 -- DELETE FROM events"))
    legacy = sa.table("legacy", sa.column("id"))
    conn.execute(legacy.delete().where(legacy.c.id == 1))
    conn.execute(sa.insert(legacy).values(id=1))
    print("TRUNCATE accounts")


def downgrade() -> None:
    op.drop_table("accounts")
    op.execute("DROP TABLE events")
