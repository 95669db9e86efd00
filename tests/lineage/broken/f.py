"""the other half"""
revision = "ffff"
down_revision = "eeee"
