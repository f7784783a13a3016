"""One module per change of the catalogue, oldest first."""
