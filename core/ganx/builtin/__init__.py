"""What ganx provides through the hooks that a stranger has."""
