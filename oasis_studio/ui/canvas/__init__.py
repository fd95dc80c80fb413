"""The canvases: labels to paint on, the photo, and another model's photo, over one zoom and pan.

``canvases``                       puts the panes together; ``pane`` one of them, ``stacking`` how they lie
``surface``, ``view``, ``pan``     a table with a picture on it, what part of it is seen, and moving that about
``label_canvas``, ``label_image``  the labels; ``hand`` from mouse, pen and keys to the gesture of the tool
``photo_canvas``, ``other_photo``  the photo of the model in use, and of one it is compared with; ``wipe`` over both
``brush_cursor``, ``class_tag``    what follows the mouse; ``ants`` outlines and the lines of gestures under way
``hatching``, ``critic_overlay``   patterns of classes, and the critic's doubts; ``region_marks`` regions on the photo
``guides``, ``guide_lines``        grid and axis, and the person's guides, which ``guide_drag`` moves
``ruler``, ``ticks``               rulers around a canvas, and their numbers
"""
