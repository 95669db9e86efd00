"""keep an audit trail

A text that quotes another file:

revision = "not-me"
down_revision = "nor-this"
"""
down_revision = "a1f0c2d3e4b5"
revision = "c3bb3344"
branch_labels = []
depends_on = "b2aa"


def upgrade():
    """
revision = "never"
    """
