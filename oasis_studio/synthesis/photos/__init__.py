"""Photos read, judged and matched by networks.

``reading``     which class every pixel of a photo shows; ``segmenting`` the same as a label map
``critic``      how unlike real photos every pixel is; ``resampling`` another seed by its judgement
``inversion``   the noise of regions found from a photo; ``likeness`` how alike two regions are, and
``least_squares`` the steps that improve them
"""
