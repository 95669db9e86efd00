"""the same id"""
revision = "aaaa"
down_revision = None
