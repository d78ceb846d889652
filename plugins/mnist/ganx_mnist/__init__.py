"""MNIST for ganx."""
