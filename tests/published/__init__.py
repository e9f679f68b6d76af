"""Published test vectors: what they ask, and how both languages answer. The vectors themselves are not part of the product."""
