"""Our terms of losses."""
