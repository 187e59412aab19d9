"""The three stops of the road, free of Faust: messages in, what to produce out."""
