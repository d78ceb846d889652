"""A generator opened for evaluators, asked by them, and what is kept of it."""
