"""Fields for MultIO, and what GRIB says of them.

usage: fields.py template FILE      a message that says nothing of whose it is
       fields.py model FILE DATE    what a model makes: two parameters, steps 0 to 6, of class rd
       fields.py said FILE          a line of JSON for each message
"""

import json
import sys

import eccodes

LOCAL = {"tablesVersion": 32, "setLocalDefinition": 1, "localDefinitionNumber": 1}
SAID = ("class", "dataset", "expver", "stream", "type", "paramId", "stepRange", "timespan")
STEPS = range(7)
PARAMETERS = (151, 167)


def template(path: str) -> None:
    with open(path, "wb") as file:
        eccodes.codes_write(eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib2"), file)


def model(path: str, date: str) -> None:
    mars = {"class": "rd", "stream": "oper", "type": "fc", "expver": "hvi1"}
    with open(path, "wb") as file:
        for step in STEPS:
            for parameter in PARAMETERS:
                field = eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib2")
                at = {"paramId": parameter, "dataDate": int(date), "dataTime": 0, "step": step}
                for key, value in {**LOCAL, **mars, **at}.items():
                    eccodes.codes_set(field, key, value)
                eccodes.codes_set_values(field, [parameter + step] * eccodes.codes_get_size(field, "values"))
                eccodes.codes_write(field, file)


def said(path: str) -> None:
    with open(path, "rb") as file:
        while field := eccodes.codes_grib_new_from_file(file):
            known = {key: eccodes.codes_get_string(field, key) for key in SAID if eccodes.codes_is_defined(field, key)}
            print(json.dumps({**known, "mean": round(eccodes.codes_get(field, "average"), 3)}))


{"template": template, "model": model, "said": said}[sys.argv[1]](*sys.argv[2:])
