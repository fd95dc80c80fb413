"""What happens behind the window: the session, its threads, settings and files. QtCore only, no widgets, no torch.

The rooms, each importing only from those above it:

``work``      threads and processes of the program, with one border for errors
``session``   the open document, what is chosen, and everything that changes it
``photo``     from the document to the photo on the screen, the critic, and comparisons
``files``     drawings opened, saved, kept against crashes, exported
``regions``   styles and locks of regions, variations and animations
``results``   photos that were kept
``tools``     what the hand does: painting, moving, selecting, styling
``training``  training runs started and watched; photos labelled one after the other

``studio``    puts all of it together for one window
"""
