"""One OpenStack cloud per folder: real services on loopback, a hypervisor and a volume backend that do nothing."""
