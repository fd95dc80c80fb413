"""Pairs of photo and label map as a training reads them.

``dataset``          pairs resized once, and batches of crops drawn from them; ``photo_arrays`` where they are kept
``labelled_photos``  the same one after another, for reading and measuring
``feed``             what a run trains on and what it is judged by; ``problems`` what could not be used
``draws``            random choices per image; ``preview`` contact sheets
"""
