"""What a reseller sets itself: who owns which property, overrides, categories, and products of its own."""
