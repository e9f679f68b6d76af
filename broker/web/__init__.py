"""The only sockets. What may happen is decided in policy/ and broker/core/; here it is carried out."""
