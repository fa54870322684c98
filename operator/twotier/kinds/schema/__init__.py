"""What all declarations are made of: field types, rules, status, and the way to a CustomResourceDefinition."""
