"""`python -m web` is the `vankho` command."""

from web.cli import main

main()
