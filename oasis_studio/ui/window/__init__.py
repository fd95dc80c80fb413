"""The main window, and the program around it.

``application``   starts and ends the program; ``ending`` destroys its parts in order; ``display`` the screen
``main_window``   puts the parts together; ``window_state`` remembers where it was
``selftest``      the program uses itself for a moment, so that an installation can be trusted
"""
