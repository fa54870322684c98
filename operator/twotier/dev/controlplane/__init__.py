"""A real Kubernetes control plane without containers: its binaries and a running instance."""
