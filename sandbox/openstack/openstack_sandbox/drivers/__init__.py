"""What stands where a real cloud has hardware, one module per service."""
