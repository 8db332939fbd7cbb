import { assumed } from "../../model/vocabulary";

/**
 * How the output of Extremes DT lies in the FDBs of bridges. Keys and values are those that its fields have in public requests (class d1,
 * dataset extremes-dt, streams oper and wave); that bridges lay them out in another order than FDB's default is public too, but not in which.
 */
export const extremesDtLayout = assumed(
  {
    types: { date: "Date", levelist: "Double", param: "Param", step: "Step", time: "Time" },
    rules: [
      {
        dataset: {
          class: { is: ["d1"] },
          dataset: { is: ["extremes-dt"] },
          expver: {},
          stream: { is: ["oper", "wave"] },
          date: {},
          time: {},
          domain: { optional: true },
        },
        collocation: { type: {}, levtype: {} },
        element: { step: {}, levelist: { optional: true }, param: {} },
      },
    ],
  } as const,
  "ECMWF: the schema of the bridges' FDBs, once it is written down",
);
