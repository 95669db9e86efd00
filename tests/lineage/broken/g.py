"""only known when it runs"""
import uuid
revision = uuid.uuid4().hex
down_revision = "bbbb"
