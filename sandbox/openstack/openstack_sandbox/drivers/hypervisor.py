"""A hypervisor that remembers its servers."""

from nova.compute import power_state
from nova.virt import block_device, fake


class Everywhere:
    """A host name that equals every other."""

    def __eq__(self, other):
        return True


class Settings:
    """nova's settings as a hypervisor sees them that shares its process with others.

    Before it detaches a volume, nova asks whether the server is on the host for which this process is configured.
    """

    host = Everywhere()

    def __init__(self, settings):
        self._settings = settings

    def __getattr__(self, name):
        return getattr(self._settings, name)


block_device.CONF = Settings(block_device.CONF)


class Hypervisor(fake.FakeDriver):
    """nova's own fake driver, which survives a restart.

    That one keeps servers and interfaces in memory only: after a restart of nova no interface can be detached, and no
    server stopped or started. A hypervisor would still have them; this one takes up what nova's database says.
    """

    def _adopt(self, instance):
        if instance.uuid not in self.instances:
            state = instance.power_state or power_state.RUNNING
            self.instances[instance.uuid] = fake.FakeInstance(instance.name, state, instance.uuid)

    def get_info(self, instance, use_cache=True):
        self._adopt(instance)
        return super().get_info(instance, use_cache)

    def power_off(self, instance, timeout=0, retry_interval=0):
        self._adopt(instance)
        return super().power_off(instance, timeout, retry_interval)

    def power_on(self, context, instance, network_info, block_device_info=None, accel_info=None):
        self._adopt(instance)
        return super().power_on(context, instance, network_info, block_device_info, accel_info)

    def detach_interface(self, context, instance, vif):
        self._interfaces.pop(vif["id"], None)
