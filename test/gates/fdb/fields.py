"""Fields of Extremes DT, one a step, as GRIB.

usage: fields.py FILE DATE [STEPS EDGE]

Three of few points, or as many as are said, of EDGE by EDGE points that differ.
"""

import sys

import eccodes

LOCAL = {"tablesVersion": 32, "setLocalDefinition": 1, "localDefinitionNumber": 1, "productionStatusOfProcessedData": 12}


def main(path: str, date: str, steps: str = "3", edge: str = "") -> None:
    mars = {"class": "d1", "stream": "oper", "type": "fc", "expver": "0001", "dataset": "extremes-dt", "paramId": 167}
    with open(path, "wb") as file:
        for step in range(int(steps)):
            field = eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib2")
            for key, value in {**LOCAL, **mars, "dataDate": int(date), "dataTime": 0, "step": step}.items():
                eccodes.codes_set(field, key, value)
            if edge:
                for key, value in {"Ni": int(edge), "Nj": int(edge), "bitsPerValue": 16}.items():
                    eccodes.codes_set(field, key, value)
            # Fields differ, so that one cannot be taken for another.
            eccodes.codes_set_values(field, [step + i for i in range(int(edge) ** 2 if edge else eccodes.codes_get_size(field, "values"))])
            eccodes.codes_write(field, file)


main(*sys.argv[1:])
