"""TwoTier: the control plane for two-tier cloud distribution."""
