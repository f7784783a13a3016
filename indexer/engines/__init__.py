"""Search engines, one module each; named only by `wiring`."""
