'''add an address'''
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = 'b2aa' \
    '1122'
down_revision = ('a1f0c2d3e4b5')
branch_labels = None; depends_on = None

def upgrade():
    op.add_column('accounts', sa.Column('email', sa.Text()))
