"""Numbers that are printed, not asserted."""
