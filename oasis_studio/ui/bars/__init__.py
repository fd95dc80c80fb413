"""The rows around the canvases.

``top_bar``      menus, the drawing's name, ``model_chooser`` and ``engine_status``
``tool_column``  the tools; ``tool_options`` how the chosen one behaves, ``placement_fields`` for the move tool
``tool_texts``   what the tools are called
``status_line``  brush, place, size and steps
``compare_bar``  the row while two models are compared
``engine_banner``, ``fault_banner``  what failed behind the window
"""
