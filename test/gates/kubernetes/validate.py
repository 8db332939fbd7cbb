"""Holds objects of Kubernetes, a list in a file of JSON, against a release, as `kubernetes-validate --strict` does.

That program reads all definitions again for each object; here they are read once.
"""

import functools
import json
import sys

from kubernetes_validate import utils

utils.schema_contents = functools.lru_cache(maxsize=None)(utils.schema_contents)


def problem(thing, release):
    """What is wrong with an object, or None."""
    try:
        utils.validate(thing, release, strict=True)
    except utils.ValidationError as error:
        return f"{'.'.join(str(step) for step in error.path)}: {error.message}"
    except utils.SchemaNotFoundError as error:
        return error.message
    return None


print(json.dumps([problem(thing, sys.argv[1]) for thing in json.load(open(sys.argv[2]))]))
