"""The database: one declarative base, one engine per dialect, migrations."""
