"""Small widgets and the one look that all of them share.

``theme``, ``roles``, ``localization``, ``icons``, ``text``     colours, fonts, icons and kinds of text
``icon_button``, ``number_field``, ``step_slider``, ``still_box``, ``tip_chooser``   fields and buttons
``banner``                                                      a row that says what went wrong, with buttons
``photo_picture``, ``thumbnails``, ``label_picture``, ``variation_tile``, ``underlay``   pictures
``row_parts``, ``row_ground``                                   what rows of lists share
``pointer_capture``                                             which button is held, until the gesture ends
``class_drag``, ``durations``                                   a class in drag and drop; durations in words
"""
