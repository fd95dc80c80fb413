"""Photos that were kept with everything that is needed to make them again.

``keeping``   when a photo is kept; ``edits`` what is done with kept photos; ``pictures`` their small pictures
"""
