"""half of a circle"""
revision = "eeee"
down_revision = "ffff"
