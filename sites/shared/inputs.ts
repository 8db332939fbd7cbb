import { assumed } from "../../model/vocabulary";

const digest = `sha256:${"0".repeat(64)}`;

/** How ECMWF's ECPDS and our movers meet, at every site. */
export const ecpds = {
  movers: "ecpds-movers",
  reportsTo: assumed(["ecpds-dm1.ecmwf.int", "ecpds-dm2.ecmwf.int"], "ECMWF: names of the data movers to which a Continental Data Mover reports"),
  fileSystems: assumed(8, "ECMWF: how many file systems its data movers have"),
  images: assumed(
    { mover: `eccr.ecmwf.int/dte/ecpds-mover:8.1.0@${digest}`, sftp: `docker.io/rclone/rclone:1.75.2@${digest}` },
    "who builds constructs/ecpds/image, and where; crane digest, on a machine that reaches Docker Hub",
  ),
};

/** What tasks fetch for themselves. */
export const polytope = "polytope.ecmwf.int";
export const fetchesFrom = assumed([polytope], "ECMWF: by which name its own Polytope answers, and whether suites fetch from there");
