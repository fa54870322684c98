"""Root organisations and the settings that their tenants start from."""
