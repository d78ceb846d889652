"""ACGAN for ganx."""
