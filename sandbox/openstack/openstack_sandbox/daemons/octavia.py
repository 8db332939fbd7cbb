"""octavia-api, and in the same process what a worker would do: settle what is pending."""

import os
import sys
import traceback

import eventlet

from openstack_sandbox.daemons.wsgi import serve

INTERVAL = 0.3


def main(cloud):
    os.environ["OCTAVIA_CONF"] = str(cloud.path("etc", "octavia.conf"))
    arguments = ["octavia-api", "--config-file", os.environ["OCTAVIA_CONF"]]
    sys.argv = arguments
    from octavia.api import app

    application = app.setup_app(argv=arguments)
    eventlet.spawn(settle_for_ever, cloud.url("neutron"))
    serve(application, cloud.ports["octavia"])


def settle_for_ever(neutron):
    while True:
        eventlet.sleep(INTERVAL)
        try:
            settle(neutron)
        except Exception:  # the database may be away for a while
            traceback.print_exc()


def settle(neutron):
    """Makes what is pending active, or forgets it; children before their parents."""
    from octavia.common import constants, data_models
    from octavia.db import api, models, repositories

    repos = repositories.Repositories()
    kinds = (
        (models.L7Rule, repos.l7rule, data_models.L7Rule),
        (models.L7Policy, repos.l7policy, data_models.L7Policy),
        (models.Member, repos.member, data_models.Member),
        (models.HealthMonitor, repos.health_monitor, data_models.HealthMonitor),
        (models.Pool, repos.pool, data_models.Pool),
        (models.Listener, repos.listener, data_models.Listener),
    )
    session = api.get_session()
    for model, repo, counted in kinds:
        for row in pending(session, model):
            if row.provisioning_status == constants.PENDING_DELETE:
                repo.delete(session, id=row.id)
                release(repos, counted, row.project_id)
            else:
                activate(session, model, row)
    for row in pending(session, models.LoadBalancer):
        if row.provisioning_status == constants.PENDING_DELETE:
            remove_address(session, neutron, row.id)
            repos.load_balancer.update(session, row.id, provisioning_status=constants.DELETED)
            release(repos, data_models.LoadBalancer, row.project_id)
        else:
            activate(session, models.LoadBalancer, row)


def pending(session, model):
    """Rows on which the API waits for a worker."""
    columns = (model.id, model.project_id, model.provisioning_status)
    return session.query(*columns).filter(model.provisioning_status.like("PENDING%")).all()


def activate(session, model, row):
    """Unless somebody has asked for something else since the row was read."""
    asked = session.query(model).filter_by(id=row.id, provisioning_status=row.provisioning_status)
    asked.update({"provisioning_status": "ACTIVE", "operating_status": "ONLINE"})


def release(repos, counted, project):
    """Takes one from what a project has used of its quota."""
    from octavia.db import api

    with api.get_lock_session() as session:
        repos.decrement_quota(session, counted, project)


def remove_address(session, neutron, balancer):
    """The port of a load balancer's address goes with it, if octavia has made it."""
    from octavia.common import keystone
    from octavia.db import models

    for address in session.query(models.Vip).filter_by(load_balancer_id=balancer, octavia_owned=True):
        if address.port_id:
            login = keystone.KeystoneSession("service_auth").get_session()
            login.delete(f"{neutron}/v2.0/ports/{address.port_id}", raise_exc=False)
