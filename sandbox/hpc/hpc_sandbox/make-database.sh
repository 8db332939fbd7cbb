# Runs in a root of its own, without a network: MariaDB and slurmdbd for as long as it takes to make the tables.
set -e
install -d -o mysql -g mysql /run/mysqld
install -d -o munge -g munge -m 755 /run/munge
install -d -o slurm -g slurm /var/lib/slurm/slurmctld /var/lib/slurm/slurmd
setpriv --reuid=munge --regid=munge --clear-groups munged
mariadbd --user=mysql &
database=$!
until mariadb-admin --silent ping 2> /dev/null; do sleep 0.1; done
mariadb -e "CREATE DATABASE slurm_acct_db; CREATE USER slurm@localhost IDENTIFIED VIA unix_socket;
  GRANT ALL ON slurm_acct_db.* TO slurm@localhost"
cat > /etc/slurm/slurmdbd.conf << END
AuthType=auth/munge
DbdHost=localhost
SlurmUser=slurm
StorageType=accounting_storage/mysql
StorageUser=slurm
PidFile=/tmp/slurmdbd.pid
END
chown slurm: /etc/slurm/slurmdbd.conf
chmod 600 /etc/slurm/slurmdbd.conf
setpriv --reuid=slurm --regid=slurm --clear-groups slurmdbd -D &
accounting=$!
# The version is what it writes last.
until [ "$(mariadb -Ne 'SELECT COUNT(*) FROM slurm_acct_db.convert_version_table' 2> /dev/null)" = 1 ]; do sleep 0.1; done
# It would wait for a network.
kill -KILL "$accounting"
mariadb-admin shutdown
wait "$database"
rm /etc/slurm/slurmdbd.conf
