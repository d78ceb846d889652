"""SAGAN for ganx."""
