"""another head, of a parent that is gone"""
revision = "cccc"
down_revision = "gone"
branch_labels = ("x",)
