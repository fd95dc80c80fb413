"""Undo and redo. Every change of the document is a command, which can be done and undone.

``history``            the stack of commands, limited by bytes
``commands``           commands for layers and their labels
``document_commands``  for the size, the reference photo, notes and snapshots
``style_commands``     for styles and locks; ``guide_commands`` for guides; ``result_commands`` for kept photos
"""
