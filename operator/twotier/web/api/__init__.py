"""The HTTP API in JSON: routes, their models, and how lists are sent."""
