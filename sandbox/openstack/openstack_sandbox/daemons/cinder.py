"""cinder's scheduler, volume manager and API in one process; calls between them stay in it."""

import sys

import eventlet


def main(cloud):
    sys.argv = ["cinder", "--config-file", str(cloud.path("etc", "cinder.conf"))]
    from cinder import objects

    objects.register_all()
    import cinder.cmd.volume as command
    import os_brick
    from cinder import coordination, rpc, service, utils, version
    from cinder.common import config, constants
    from oslo_config import cfg
    from oslo_log import log
    from oslo_privsep import priv_context
    from oslo_service import service as processes

    settings = cfg.CONF
    settings(sys.argv[1:], project="cinder", version=version.version_string())
    config.set_middleware_defaults()
    log.setup(settings, "cinder")
    priv_context.init(root_helper=["true"])
    utils.monkey_patch()
    os_brick.setup(settings)
    coordination.COORDINATOR.start()
    rpc.init(settings)
    launcher = processes.ServiceLauncher(settings, restart_method="mutate")
    scheduler = service.Service.create(binary="cinder-scheduler")
    launcher.launch_service(scheduler)
    for backend in settings.enabled_backends:
        settings.register_opt(command.host_opt, group=backend)
        launcher.launch_service(
            service.Service.create(
                host=f"{settings.host}@{backend}",
                service_name=backend,
                binary=constants.VOLUME_BINARY,
                coordination=True,
            )
        )
    launcher.launch_service(service.WSGIService("osapi_volume"))
    eventlet.spawn(introduce, scheduler.manager)
    launcher.wait()


def introduce(scheduler):
    """Asks backends what they can until the scheduler has heard it.

    What one side says while the other is still starting is lost, and said again only a minute later; until then no
    backend is found for any volume.
    """
    from cinder import context

    while not scheduler.driver.is_first_receive():
        eventlet.sleep(0.2)
        scheduler.request_service_capabilities(context.get_admin_context())
