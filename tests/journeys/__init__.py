"""Whole user journeys through ``main()`` in a real window."""
