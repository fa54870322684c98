"""What declarations consist of: field types, rules, status, and the step to a CustomResourceDefinition."""
