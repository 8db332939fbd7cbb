import { assumed, gib } from "../../model/vocabulary";

const unknown = "0".repeat(64);

/** What answers requests for data: versions that polytope-server's sources name, of its images and of BOBS. Pulling them asks for a login. */
export const polytopeImages = assumed(
  {
    entrance: `docker.io/nginxinc/nginx-unprivileged:1.28.0@sha256:${unknown}`,
    frontend: `eccr.ecmwf.int/polytope/frontend:2.3.4@sha256:${unknown}`,
    fields: `eccr.ecmwf.int/polytope/fdb-worker:2.3.1@sha256:${unknown}`,
    spool: `eccr.ecmwf.int/polytope/bobs:0.1.14@sha256:${unknown}`,
  },
  "ECMWF: which versions run, their digests, and whether there is a BOBS that does without io_uring",
);

/** What may be asked for at every bridge: the output of Extremes DT. */
export const extremesDtCollections = {
  "extremes-dt": {
    serves: { class: ["d1"], dataset: ["extremes-dt"], stream: ["oper", "wave"] },
    roles: assumed({ desp: ["DPAD_Direct_Access"] }, "ECMWF: which role of the realm may have data of bridges"),
  },
} as const;

/** Results, until they are fetched. */
export const polytopeSpool = {
  size: assumed(gib(500), "ECMWF: how large results are, and how many wait at a time"),
  on: "volume",
} as const;
