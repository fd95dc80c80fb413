"""What happens behind the window: the session, its threads, settings and files. QtCore only, no widgets, no torch."""
