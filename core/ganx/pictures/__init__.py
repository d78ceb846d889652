"""Images laid out as picture files."""
