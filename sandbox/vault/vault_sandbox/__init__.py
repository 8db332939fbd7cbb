"""One or three servers of OpenBao on one machine, with raft, TLS and one unseal key."""
