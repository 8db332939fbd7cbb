"""MariaDB of one cloud, reachable only through a socket in a private folder."""

import os
import subprocess
import time

from sandbox_machine import processes
from sandbox_machine.problems import Problem

OPTIONS = (
    "--skip-networking",
    # Whoever reaches the socket is let in; its folder is closed to others.
    "--skip-grant-tables",
    # What is lost in a crash of the machine is made anew: no write waits for the disk.
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-flush-method=nosync",
    "--sync-binlog=0",
    "--innodb-buffer-pool-size=96M",
    "--innodb-log-file-size=16M",
    "--performance-schema=OFF",
    "--max-connections=300",
    "--character-set-server=utf8mb3",
    "--collation-server=utf8mb3_general_ci",
    "--transaction-isolation=READ-COMMITTED",
)
PATIENCE = 60.0


def user():
    """MariaDB does not run as root unless it is told to."""
    return ["--user=root"] if os.geteuid() == 0 else []


def install(cloud):
    """Makes the system tables."""
    log = cloud.log("mariadb")
    command = [
        "/usr/bin/mariadb-install-db",
        "--no-defaults",
        *user(),
        f"--datadir={cloud.path('mysql')}",
        f"--tmpdir={cloud.path('tmp')}",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--skip-name-resolve",
    ]
    with log.open("a") as out:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    if done.returncode:
        raise Problem("MariaDB could not be installed", log)


def start(cloud):
    """Starts the database, and waits until it answers."""
    log = cloud.log("mariadb")
    command = [
        "/usr/sbin/mariadbd",
        "--no-defaults",
        *user(),
        f"--datadir={cloud.path('mysql')}",
        # A temporary folder of its own: a MariaDB that starts removes the temporary tables of all others in /tmp.
        f"--tmpdir={cloud.path('tmp')}",
        f"--socket={cloud.socket}",
        f"--pid-file={cloud.sockets}/mysql.pid",
        *OPTIONS,
    ]
    processes.launch(command, cloud.pid_file("mariadb"), log)
    limit = time.monotonic() + PATIENCE
    while not answers(cloud):
        if not processes.running(cloud.pid_file("mariadb")) or time.monotonic() > limit:
            raise Problem(f"{cloud.name}: MariaDB does not answer", log)
        time.sleep(0.05)


def connect(cloud, name=None):
    # Imported late: `packages` has to work where nothing is installed yet.
    import pymysql

    return pymysql.connect(unix_socket=cloud.socket, user="root", database=name, autocommit=True)


def answers(cloud):
    """Whether a connection can be made."""
    import pymysql

    try:
        connect(cloud).close()
    except pymysql.Error:
        return False
    return True


def execute(cloud, name, statements):
    """Runs statements, each with its values."""
    connection = connect(cloud, name)
    try:
        with connection.cursor() as cursor:
            for statement, values in statements:
                cursor.execute(statement, values)
    finally:
        connection.close()
