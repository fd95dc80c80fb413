"""What the program reads and writes: projects, label maps, photos. Every write is atomic."""
