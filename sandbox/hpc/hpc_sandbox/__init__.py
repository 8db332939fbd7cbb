"""Supercomputers on one machine: login node, nodes under Slurm, and the networks between them and the world."""
