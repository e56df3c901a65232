"""Inner work of the office's doors."""
