"""What every kind shares: work queue, caches, conditions, status writing, leadership, Kopf wiring, metrics."""
