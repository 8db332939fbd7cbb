import { assumed } from "../../model/vocabulary";
import { polytope } from "./inputs";

/** What the day of the forecast is held against, at every site that runs it. */
export const dailyForecastMilestones = assumed(
  {
    "inputs-arrived": { node: "/dte/main/inputs", by: "03:30", critical: "04:30", what: "the inputs of the forecast", from: [{ service: "ecpds-mover" }, { name: polytope }] },
    "forecast-complete": { node: "/dte/main/forecast", by: "06:30", critical: "07:30", what: "the forecast" },
    "products-archived": { node: "/dte/main/archive", by: "08:00", critical: "09:00", what: "what the forecast leaves" },
  },
  "ECMWF: the nodes of its suite, by when each is to be complete, and where its inputs come from",
);
