"""Hosts of a tenancy on one machine: systemd in containers, their networks, and the world outside."""
