import { assumed } from "../../model/vocabulary";

/**
 * ECMWF's software, by IFS cycle: one list for all sites. Which versions a cycle has is not public; these are released together, as ECMWF's
 * wheels of one day state each other (49r3), or as the Climate DT lists them for its next cycle (48r3).
 */
export const dailyForecastSoftware = assumed(
  {
    "48r3": {
      ecBuild: "3.12.0",
      ecCodes: "2.43.0",
      eckit: "1.29.3",
      fckit: "0.13.2",
      metkit: "1.13.1",
      FDB: "5.17.3",
      fiat: "1.4.1",
      ecTrans: "1.4.0",
      "ecmwf-atlas": "0.43.1",
      mir: "1.26.0",
      multio: "2.6.0",
      ecFlow: "5.15.2",
      troika: "0.2.3",
    },
    "49r3": {
      ecBuild: "3.12.0",
      ecCodes: "2.45.0",
      eckit: "1.32.4",
      fckit: "0.14.1",
      metkit: "1.16.0",
      FDB: "5.19.0",
      fiat: "1.6.1",
      ecTrans: "1.5.0",
      "ecmwf-atlas": "0.45.0",
      mir: "1.27.8",
      multio: "2.8.0",
      ecFlow: "5.16.0",
      troika: "0.2.6",
      loki: "0.3.7",
    },
  },
  "ECMWF: the versions of each cycle",
);

/** Nobody has built it: constructs/modules/image tells how. */
export const modulesImage = assumed(
  "eccr.ecmwf.int/dte/databridge-modules:1@sha256:0000000000000000000000000000000000000000000000000000000000000000",
  "ECMWF: its registry, and the digest once it is built",
);
