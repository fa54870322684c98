"""Tenant organisations of resellers: checked, provisioned, activated, suspended, deleted."""
