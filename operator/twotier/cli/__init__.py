"""The command line: twotier, which is also kubectl-twotier."""
