"""What documents mean: pure functions from text to values, standard library only."""
