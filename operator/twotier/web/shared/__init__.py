"""The common ground of all that `twotier serve` answers: callers, databases, problems, metrics."""
