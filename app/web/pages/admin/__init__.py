"""The admin's pages: studies and everything below them, and accounts."""
