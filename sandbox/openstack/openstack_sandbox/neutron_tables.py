"""Makes neutron's tables as they are now, and marks them as migrated: its hundred migrations take far longer."""

import sys


def main():
    import sqlalchemy
    from neutron.db.migration import cli
    from neutron.db.migration.models import head

    arguments = sys.argv[1:]
    cli.CONF([*arguments, "upgrade", "heads"], project="neutron")
    head.get_metadata().create_all(sqlalchemy.create_engine(cli.CONF.database.connection))
    cli.CONF.clear()
    sys.argv = ["neutron-db-manage", *arguments, "stamp", "heads"]
    return cli.main()
