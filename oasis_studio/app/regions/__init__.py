"""Styles and locks of regions.

``style_edits``   everything done with styles, each as one step of the history; ``lock_edits`` the same for locks
``swatch_shelf``  named styles; ``photo_style`` styles found from a photo
``variations``    other photos of the same labels; ``animation`` noise that goes round in a circle, as a film
"""
