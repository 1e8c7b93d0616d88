"""Pages: HTML for people."""
