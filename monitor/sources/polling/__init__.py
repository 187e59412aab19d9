"""Finding out what is new, edited and gone on a site that can only be asked again and again."""
