"""What may be published unseen, and what is kept back: guards, held revisions, suspects."""
