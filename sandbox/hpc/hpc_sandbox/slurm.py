"""Slurm's configuration, of the partitions, qualities of service and accounts that are described."""

from hpc_sandbox.machines import MANAGEMENT, NOWHERE, machines, nodes

# No node that somebody runs has more; a job that asks for memory is not refused where nobody knows how much there is.
UNKNOWN_MIB = 1 << 20
# Seconds until a node that does not answer is down; a real one has minutes.
SILENT = 10
YEAR = 365 * 86400
VENDORS = {"gfx": "amd_gpu_env", "sm_": "nvidia_gpu_env"}


def configuration(description):
    """slurm.conf, which all machines share."""
    management = machines(description)[MANAGEMENT].address
    groups = nodes(description)
    lines = [
        f"ClusterName={description.name}",
        f"SlurmctldHost={MANAGEMENT}({management})",
        "AuthType=auth/munge",
        # So long after a node has failed its jobs can begin again; two minutes on a real one.
        "AuthInfo=cred_expire=15",
        "SlurmUser=slurm",
        "StateSaveLocation=/var/lib/slurm/slurmctld",
        "SlurmdSpoolDir=/var/lib/slurm/slurmd",
        "SlurmctldPidFile=/run/slurmctld.pid",
        "SlurmdPidFile=/run/slurmd.pid",
        "MailProg=/bin/true",
        "MpiDefault=none",
        "ProctrackType=proctrack/linuxproc",
        "TaskPlugin=task/none",
        "PropagateResourceLimits=NONE",
        "KillWait=5",
        # Nodes have the cores and the memory that are described, whatever this machine has.
        "SlurmdParameters=config_overrides",
        "SelectType=select/cons_tres",
        "SelectTypeParameters=CR_Core",
        "SchedulerParameters=bf_interval=2,bf_continue",
        "EnforcePartLimits=ALL",
        f"SlurmdTimeout={SILENT}",
        "MessageTimeout=5",
        "ReturnToService=2",
        "AccountingStorageType=accounting_storage/slurmdbd",
        f"AccountingStorageHost={management}",
        "AccountingStorageEnforce=associations,limits,qos",
        "JobAcctGatherType=jobacct_gather/linux",
        "JobAcctGatherFrequency=5",
    ]
    if any(group.kind.gpus for group in groups):
        lines += ["GresTypes=gpu", "AccountingStorageTRES=gres/gpu"]
    if absent(description):
        # Without power saving, Slurm would forget at a restart that these are switched off; the others never are.
        lines += ["SuspendProgram=/bin/true", "ResumeProgram=/bin/true", f"SuspendTime={YEAR}"]
        lines += [f"SuspendExcNodes={','.join(group.there for group in groups)}"]
    for group in groups:
        lines += node_lines(group)
    lines += [partition_line(partition, groups, description.qos) for partition in description.partitions]
    return "\n".join(lines) + "\n"


def node_lines(group):
    kind = group.kind
    words = f"CPUs={kind.cores} RealMemory={kind.mib or UNKNOWN_MIB} Feature={kind.architecture}"
    words += f" Gres=gpu:{kind.gpus}" if kind.gpus else ""
    yield from (f"NodeName={machine.name} NodeAddr={machine.address} {words}" for machine in group.machines)
    if group.absent:
        # As nodes of a cloud that are switched off: nobody asks after them.
        yield f"NodeName={group.absent} NodeAddr={NOWHERE} {words} State=CLOUD"


def absent(description):
    """Nodes that are drained, so that no job begins on them, in Slurm's words."""
    return ",".join(group.absent for group in nodes(description) if group.absent)


def partition_line(partition, groups, qos):
    group = next(group for group in groups if group.kind == partition.kind)
    words = [f"PartitionName={partition.name}", f"Nodes={group.names(1, group.count)}"]
    words += [f"MaxTime={time(partition.seconds)}"] if partition.seconds else []
    words += [f"MaxNodes={partition.max_nodes}"] if partition.max_nodes else []
    words += [f"AllowAccounts={partition.project}"] if partition.project else []
    allowed = [one.name for one in qos if one.partitions is None or partition.name in one.partitions]
    allowed = allowed if partition.needs_qos else ["normal", *allowed]
    words += [f"AllowQos={','.join(allowed)}"] if len(allowed) <= len(qos) else []
    return " ".join([*words, f"OverSubscribe={'NO' if partition.shares else 'EXCLUSIVE'}"])


def time(seconds):
    """Slurm's days-hours:minutes:seconds."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"{days}-{hours:02}:{minutes:02}:{seconds:02}"


def devices(kind):
    """gres.conf of a node: GPUs that are nothing but files, as jobs of their vendor are told of them."""
    if not kind.gpus:
        return ""
    vendor = next((words for begin, words in VENDORS.items() if kind.architecture.startswith(begin)), None)
    flags = f" Flags={vendor}" if vendor else ""
    return f"AutoDetect=off\nName=gpu File=/dev/gpu[0-{kind.gpus - 1}]{flags}\n"


def device_files(kind):
    """tmpfiles.d of a node: each GPU is another /dev/null."""
    return "".join(f"c /dev/gpu{number} 0666 root root - 1:3\n" for number in range(kind.gpus))


def accounting(description):
    """slurmdbd.conf."""
    return "\n".join(
        [
            "AuthType=auth/munge",
            f"DbdHost={MANAGEMENT}",
            f"DbdAddr={machines(description)[MANAGEMENT].address}",
            "SlurmUser=slurm",
            "StorageType=accounting_storage/mysql",
            "StorageUser=slurm",
            "PidFile=/run/slurmdbd.pid",
            "",
        ]
    )


def accounts(description):
    """Commands of sacctmgr, for a database that knows of nothing yet."""
    cluster = description.name
    every = ",".join(["normal", *(qos.name for qos in description.qos)])
    return "\n".join(
        [
            f"add cluster {cluster}",
            *(f"add qos {qos.name}{limits(qos)}" for qos in description.qos),
            *([f"modify cluster {cluster} set qos={every}"] if description.qos else []),
            *([f"add account {','.join(description.projects)} cluster={cluster}"] if description.projects else []),
            *(
                f"add user {account.user} account={','.join(account.projects)} cluster={cluster}"
                for account in description.accounts
            ),
            "",
        ]
    )


def limits(qos):
    """What a quality of service allows, where it says so beyond what the partition does."""
    # What is more than can be had at all is refused at once; all else waits.
    flags = ["DenyOnLimit"]
    flags += ["PartitionTimeLimit"] if qos.seconds else []
    flags += ["PartitionMaxNodes"] if qos.max_nodes else []
    flags += ["PartitionMinNodes"] if qos.min_nodes else []
    found = [f"flags={','.join(flags)}"]
    found += [f"MaxWall={time(qos.seconds)}"] if qos.seconds else []
    found += [f"MinTRESPerJob=node={qos.min_nodes}"] if qos.min_nodes else []
    found += [f"MaxTRESPerJob=node={qos.max_nodes}"] if qos.max_nodes else []
    found += [f"MaxJobsPerUser={qos.max_jobs}"] if qos.max_jobs else []
    return "".join(f" {words}" for words in found)
