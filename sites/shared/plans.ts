import { assumed } from "../../model/vocabulary";

/**
 * What becomes of the fields of Extremes DT. IFS encodes them itself, and MultIO archives them as they are: the plan that comes with MultIO
 * for that (share/multiom/plans/multio-sink-only-plan.yaml). What Extremes DT's own plans are is not public.
 */
export const extremesDtPlans = assumed(
  { fields: { of: "grib", actions: [{ type: "sink", sinks: [{ type: "fdb5" }] }] } } as const,
  "ECMWF: the plans of MultIO for Extremes DT, once they are written down",
);
