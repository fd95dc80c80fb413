"""Training from the window: the wizard that starts a run, and the monitor that watches it."""
