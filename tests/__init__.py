"""Tests mirror the tree; `contract/` runs the same assertions on every adapter of a port."""
