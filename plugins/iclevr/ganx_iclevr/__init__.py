"""The i-CLEVR data set for ganx."""
