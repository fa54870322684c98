"""The way of a verb to the cluster, to TwoTier's API and to files."""
