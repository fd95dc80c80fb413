"""A photo by the plain networks, and what any rendering needs to know of the machine.

``renderer``  renders exactly, on any device; ``opening`` the model in hand
``device``    which processor and which precision; ``memory`` how much a render needs
``timing``    compares ways to render; ``waiting`` lets waiting threads sleep
"""
