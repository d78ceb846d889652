"""Puts data, networks, scores and run directory together, and starts or resumes."""
