"""A site told in YAML: what to request, where its comments stand in the answer, how to go on."""
