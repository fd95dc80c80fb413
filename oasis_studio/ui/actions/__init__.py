"""The commands of the program as data.

``actions``         one table from which menus, tool column, command palette and shortcuts are made
``abilities``       commands that the open model cannot serve, with the reason
``command_search``  finding a command by a few letters; ``typed_keys`` keys by what they type on any keyboard
"""
