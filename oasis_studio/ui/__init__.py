"""The window: QtWidgets, no torch. Small parts that listen to the session; ``application`` starts them."""
