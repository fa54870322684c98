"""Random chains of edits under random faults, judged by a fresh declaration of the last valid specs.

`edits` makes the chains (pure), `faults` says what strikes and when, `world` runs what is struck, `rounds` plays,
`oracle` compares, and `report` tells. What is compared and what is not, and why, is in `oracle`; what a chain may end
with, in `edits`. Run it with `make chaos MINUTES=10 SEED=1`.
"""
