"""What listens in a cloud."""

LISTENERS = (
    "keystone",
    "placement",
    "glance",
    "neutron",
    "nova",
    "cinder",
    "swift",
    "swift-account",
    "swift-container",
    "swift-object",
    "octavia",
)
