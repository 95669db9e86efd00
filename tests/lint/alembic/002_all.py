"""Everything that a rule is about."""
from alembic import op as alembic_op
from sqlalchemy import text
import sqlalchemy as sa

revision = "002"
down_revision = "001"

TABLE = "orders"
MOOD = sa.Enum("ok", name="mood")


def upgrade():
    alembic_op.drop_table("old_orders", schema="app")
    with alembic_op.batch_alter_table("orders") as batch:
        batch.drop_column("note")
        batch.alter_column("state", new_column_name="status")
        batch.drop_constraint("orders_ck")
    alembic_op.execute(
        """
        DO $$ BEGIN
            IF EXISTS (SELECT 1) THEN
                TRUNCATE orders;
            END IF;
        END $$;
        DELETE FROM orders
        """
    )
    alembic_op.execute(f"DROP TABLE {TABLE}_archive")
    alembic_op.execute("DROP TABLE %s" % TABLE)
    alembic_op.execute("DROP TABLE " + TABLE)
    clean()
    conn = alembic_op.get_bind()
    conn.execute(text("ALTER TABLE orders " "DISABLE ROW LEVEL SECURITY"))
    conn.execute(sa.update(sa.table("orders")).values(status="new"))
    alembic_op.add_column("orders", sa.Column("a", sa.Integer(), nullable=False, default=0))
    alembic_op.add_column("orders", sa.Column("b", sa.Integer(), nullable=False, server_default="0"))
    alembic_op.add_column("orders", sa.Column("c", sa.Uuid(), server_default=text("gen_random_uuid()")))
    alembic_op.add_column("orders", sa.Column("d", sa.DateTime(), server_default=sa.func.now()))
    alembic_op.alter_column("orders", "e", type_=sa.String(50), existing_type=sa.String(20))
    alembic_op.alter_column("orders", "f", type_=sa.BigInteger(), existing_type=sa.Integer(), nullable=False)
    alembic_op.create_index("orders_a", "orders", ["a"])
    alembic_op.create_index("orders_b", "orders", ["b"], postgresql_concurrently=True)
    with alembic_op.get_context().autocommit_block():
        alembic_op.create_index("orders_c", "orders", ["c"], postgresql_concurrently=True)
    MOOD.drop(alembic_op.get_bind(), checkfirst=True)


def clean():
    alembic_op.rename_table("carts", "baskets")


def unused():
    alembic_op.drop_table("never")


def downgrade():
    alembic_op.drop_table("baskets")
