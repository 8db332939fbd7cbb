"""nova's conductor, scheduler, computes and API in one process; calls between them stay in it."""

import importlib
import sys

import eventlet


def main(cloud):
    sys.argv = ["nova", "--config-file", str(cloud.path("etc", "nova.conf"))]
    importlib.import_module("nova.monkey_patch")  # before all else of nova
    import nova.conf
    import os_vif
    from nova import config, objects, service
    from nova.compute import rpcapi as compute
    from nova.conductor import rpcapi as conductor
    from nova.scheduler import rpcapi as scheduler
    from oslo_log import log
    from oslo_privsep import priv_context
    from oslo_service import service as processes

    from openstack_sandbox.drivers import hypervisor

    sys.modules["nova.virt.sandbox"] = hypervisor  # nova takes drivers from its own package only
    settings = nova.conf.CONF
    config.parse_args(sys.argv)
    log.setup(settings, "nova")
    priv_context.init(root_helper=["true"])
    objects.register_all()
    os_vif.initialize()
    for listener in ("keystone", "placement"):
        wait_for(cloud.ports[listener])
    launcher = processes.ServiceLauncher(settings, restart_method="mutate")
    launcher.launch_service(service.Service.create(binary="nova-conductor", topic=conductor.RPC_TOPIC))
    launcher.launch_service(service.Service.create(binary="nova-scheduler", topic=scheduler.RPC_TOPIC))
    # Hosts, not nodes of one host: a group with anti-affinity spreads over hosts.
    for number in range(1, cloud.hypervisors + 1):
        host = f"hypervisor-{number}"
        launcher.launch_service(service.Service.create(host=host, binary="nova-compute", topic=compute.RPC_TOPIC))
    launcher.launch_service(service.WSGIService("osapi_compute"))
    eventlet.spawn(map_hosts, cloud.hypervisors)
    launcher.wait()


def wait_for(port):
    """The scheduler and the computes end if keystone or placement does not listen yet."""
    while True:
        try:
            eventlet.connect(("127.0.0.1", port)).close()
            return
        except OSError:
            eventlet.sleep(0.1)


def map_hosts(count):
    """Maps hypervisors to the cell as soon as they have reported; the scheduler's own search runs once in minutes."""
    from nova import context, exception
    from nova.objects import host_mapping

    everything = context.get_admin_context()
    known = set()
    while len(known) < count:
        eventlet.sleep(0.1)
        host_mapping.discover_hosts(everything)
        for number in range(1, count + 1):
            try:
                known.add(host_mapping.HostMapping.get_by_host(everything, f"hypervisor-{number}").host)
            except exception.HostMappingNotFound:
                continue
