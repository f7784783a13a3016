"""Measurements, never tests: `make bench` prints each figure beside its target."""
