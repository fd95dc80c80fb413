"""The open document and everything that is chosen in the window.

``session``          the document, the history and the signals that tell of changes
``open_stroke``      the stroke under the pen, and what waits for its end
``sources``          the files that the drawing came from, which are never written over
``selection_state``  the selected pixels; ``regions`` the regions of the document, and which are chosen
``class_look``       how classes look on the screen; ``class_map`` a drawing in another model's classes
``tool_kind``        the tools; ``tool_settings`` how they behave; ``tip_shelf`` the tips to choose from
``settings``         the person's preferences, in a file; ``gradual_copy`` copies a large drawing in small steps
"""
