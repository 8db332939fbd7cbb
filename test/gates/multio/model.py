"""A model that hands its fields to MultIO in words of MARS, as IFS does; its plans are where the environment says.

usage: MULTIO_SERVER_CONFIG_FILE=FILE model.py DATE
"""

import sys

import multio
import numpy as np

POINTS = 5248  # of O32
HOUR = {"misc-outputStepInSeconds": 3600, "misc-integrationStepInSeconds": 3600}
# For either kind of statistics, what it asks for.
PAST = {"misc-distanceFromPreviousStepInSeconds": 3600, "timeStep": 3600, "gridType": "reduced_gg", "level": 0}


def main(date: str) -> None:
    server = multio.Multio()
    server.open_connections()
    begins = {"date": int(date), "time": 0}
    server.flush({"flushKind": "first-step", "step": 0, **begins})
    mars = {"class": "d1", "dataset": "extremes-dt", "expver": "0001", "stream": "oper", "type": "fc", "levtype": "sfc"}
    encoded = {"origin": "ecmf", "grid": "O32", "packing": "simple", "misc-tablesVersion": 32}
    process = {"misc-generatingProcessIdentifier": 153, "misc-precision": "double", "globalSize": POINTS}
    for step in range(7):
        field = {**mars, **encoded, **process, **HOUR, **PAST, **begins, "param": "167", "step": step}
        server.write_field(field, np.full(POINTS, 167.0 + step))
    server.flush()
    server.close_connections()


main(*sys.argv[1:])
