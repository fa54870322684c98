"""What all that `twotier serve` answers stands on: who asks, the databases, problems, figures."""
