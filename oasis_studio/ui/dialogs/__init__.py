"""Questions that need more than a message box."""
