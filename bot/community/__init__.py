"""The core: what the office runs on. Plain functions on a SQLAlchemy session; knows no framework."""
