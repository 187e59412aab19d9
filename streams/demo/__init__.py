"""The demonstration: the whole road on one machine, with something to look at."""
