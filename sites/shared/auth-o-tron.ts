import { assumed } from "../../model/vocabulary";

export const authOTronImage = assumed(`eccr.ecmwf.int/auth-o-tron/auth-o-tron:0.3.7@sha256:${"0".repeat(64)}`, "crane digest, by who may log in to ECMWF's registry");

/** Who vouches for users of Destination Earth: programs of theirs log in by the public client, and keep what lasts long. */
export const despPeople = assumed(
  { url: "https://auth.destine.eu", realm: "desp", offline: { publicClient: "polytope-api-public", privateClient: "databridge" } },
  "ECMWF: who keeps the realm of Destination Earth's platform, and a client of ours there",
);
