"""ReFrame inside a job: each check is a process of it, in the environment of the job."""

site_configuration = {
    "systems": [
        {
            "name": "databridge",
            "hostnames": [".*"],
            "modules_system": "lmod",
            "partitions": [
                {"name": "target", "scheduler": "local", "launcher": "local", "environs": ["builtin"], "max_jobs": 1}
            ],
        }
    ],
    "environments": [{"name": "builtin", "cc": "cc", "cxx": "c++", "ftn": "ftn"}],
    # Nothing asks who runs it, or which compilers there are.
    "general": [{"remote_detect": False, "resolve_module_conflicts": False}],
    "logging": [
        {
            "handlers": [{"type": "stream", "name": "stdout", "level": "info", "format": "%(message)s"}],
            "handlers_perflog": [],
        }
    ],
}
