"""The window: QtWidgets, no torch. Small parts that listen to the session.

The rooms, each importing only from those above it:

``widgets``    theme, icons, and small widgets that every part uses
``actions``    the table of all commands as data, their keys, and searching them
``questions``  message boxes and short questions
``canvas``     the label map that is painted on and the photo, with one zoom and pan
``docks``      the panels at the side
``training``   the wizard that starts a training, and the monitor that watches it
``dialogs``    everything that is asked in a window of its own
``bars``       the rows above, below and beside the canvases
``menus``      what the commands do, one module a menu
``window``     the main window, starting and ending the program
"""
