import { bastion, ecflow, proxy } from "data-bridge-cdk/specs";
import { allocated, gib, openstack, s3, site, tib, vm } from "data-bridge-cdk/vocabulary";
import { tiles } from "../tiles";

export default site("south", {
  operator: "Operator of the southern cloud",
  country: "PT",
  dns: "south.example.org",
  cloud: openstack({
    external: "public",
    resolvers: ["9.9.9.9"],
    ntp: ["192.53.103.108"],
    images: { debian12: "5f1f6f0e-0000-4000-8000-000000000000" },
    flavors: { small: vm("m1.small", 2, gib(4)), medium: vm("m1.medium", 4, gib(16)) },
  }),
  tenancies: {
    production: {
      environment: "production",
      owner: "southern-team",
      quota: { vcpus: 32, ram: gib(128), gigabytes: tib(1), floatingIps: 2 },
      network: { cidr: "10.68.0.0/20" },
      public: { bastion: allocated, proxy: allocated },
      state: s3({ bucket: "southern-states", region: "eu-west-1" }),
      runs: [bastion({ from: [] }), proxy(), ecflow("prod"), tiles({ cache: gib(300) })],
    },
  },
});
