"""From the document to the photo on the screen.

``feed``              asks for photos while the person paints; ``requests`` makes the requests
``pacing``            when a preview may start; ``refining`` how exact the next photo is
``synthesis_thread``  the thread that renders; ``external_engine`` the same in another Python's process, and
``engine_choice``     which of the two; ``aside`` renders that wait until painting rests
``critic``            judges the photo; ``misread_edits`` accepts what a region reads as
``comparison``        the drawing beside a snapshot; ``model_comparison`` and ``second_photo`` beside another model
"""
