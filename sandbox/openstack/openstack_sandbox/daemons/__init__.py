"""What runs in the process of each service, one module per service."""
