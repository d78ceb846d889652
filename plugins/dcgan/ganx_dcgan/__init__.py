"""DCGAN for ganx."""
