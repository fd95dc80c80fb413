"""What the commands do: one module for every menu or part of one.

Each module makes the actions of :mod:`oasis_studio.ui.actions` that belong to it and connects them to the session.
``swatch_menu`` is the menu of named styles, which other menus open.
"""
