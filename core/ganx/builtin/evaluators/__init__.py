"""Our evaluators."""
