"""What may be published without review, and what is held: guards, held revisions, suspects."""
