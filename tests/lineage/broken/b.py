"""one head"""
revision = "bbbb"
down_revision = "aaaa"
branch_labels = ("x",)
