"""How the embedded model is made; nothing of it is imported while the monitor runs."""
