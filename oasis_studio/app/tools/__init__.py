"""What the hand does with the mouse or the pen.

``gesture``    from a press to its one end; ``gestures`` which gesture belongs to which tool
``painting``   strokes; ``moving`` the move tool; ``selecting`` and ``selection_edits`` the selection
``styling``    tools on regions; ``clipboard_labels`` labels on their way to other programs and back
"""
