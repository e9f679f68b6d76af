"""The broker's memory: SQLAlchemy Core on SQLite. No secret stands here in a form that opens anything by itself."""
