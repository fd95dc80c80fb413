"""The engine's inner loops in C++, compiled when a wheel is built; where there are none, torch does the work."""
