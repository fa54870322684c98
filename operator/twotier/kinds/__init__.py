"""Resource kinds: one folder each, with its declaration, its decisions and its reconcile."""
