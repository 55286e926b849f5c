"""Failovers in an engine: begun by an operation or by a sign, knocked at, asked after, and told while they last."""
