"""The configuration files of the services, one module per service."""
