"""What engine and plugins agree on: data, networks, terms, plans, specs, hooks, judges, results."""
