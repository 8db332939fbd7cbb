"""The control plane of Kubernetes on one machine, with nodes that kwok plays."""
