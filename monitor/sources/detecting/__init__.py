"""Which preset reads a site: what stands in one of its answers, and the source file that follows from it."""
