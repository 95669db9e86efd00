//! Rules about migrations.
