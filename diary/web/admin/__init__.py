"""The zone of administrators."""
