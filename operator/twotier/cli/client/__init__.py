"""How verbs reach the cluster, TwoTier's API and files."""
