"""merge both"""

revision = "d4cc5566"
down_revision = [
    "b2aa1122",  # addresses
    "c3bb3344",
]


def upgrade():
    pass
