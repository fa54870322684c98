"""The paths of the HTTP API, one file a subject. Each asks use cases of the BSS and shows what they return."""
