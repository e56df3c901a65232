"""Pages of the fee."""
