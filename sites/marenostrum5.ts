import {
  authOTron,
  aviso,
  backups,
  bastion,
  cluster,
  clusterCollector,
  collector,
  datamover,
  ecflow,
  ecpdsMover,
  fdb,
  ingress,
  modules,
  polytope,
  proxy,
  sharedServices,
  vaultAgent,
} from "../constructs/specs";
import {
  acknowledge,
  allocated,
  assumed,
  cpu,
  gib,
  gpu,
  hours,
  mbitPerSecond,
  ofModule,
  ofSystem,
  openstack,
  pending,
  registeredKey,
  s3,
  service,
  site,
  slurm,
  tib,
  vm,
} from "../model/vocabulary";
import { authOTronImage, despPeople } from "./shared/auth-o-tron";
import { avisoImages, extremesDtEvents, notifier } from "./shared/aviso";
import { collectorImage } from "./shared/images";
import { ecpds, fetchesFrom } from "./shared/inputs";
import { extremesDtLayout } from "./shared/layouts";
import { dailyForecastMilestones } from "./shared/milestones";
import { extremesDtCollections, polytopeImages, polytopeSpool } from "./shared/polytope";
import { dailyForecastSoftware, modulesImage } from "./shared/software";

const gnu = ["gcc/13.2.0", "openmpi/4.1.5-gcc"];

/** What BSC's modules have of what ours needs. */
const given = {
  CMake: ofModule("cmake/3.30.5"),
  Python: ofModule("python/3.12.1"),
  PyYAML: ofModule("python/3.12.1"),
  FFTW: ofModule("fftw/3.3.10-gcc-ompi"),
  netCDF: ofModule("netcdf/c-4.9.2_fortran-4.6.1_cxx4-4.3.1_hdf5-1.14.1-2_pnetcdf-1.12.3-gcc-ompi"),
  Eigen: ofModule("eigen/3.4.0"),
  Boost: ofModule("boost/1.84.0-gcc"),
  Qhull: ofSystem,
  ncurses: ofSystem,
  bzip2: ofSystem,
  lz4: ofSystem,
  snappy: ofSystem,
  libaec: ofModule("libaec/1.1.2-gcc"),
  JasPer: ofSystem,
  "libjpeg-turbo": ofSystem,
  libpng: ofSystem,
  zlib: ofSystem,
  OpenSSL: ofSystem,
  Bison: ofSystem,
  flex: ofSystem,
};

/** Of both partitions. */
const ours = {
  toolchain: "SYSTEM",
  modules: assumed(gnu, "BSC: module avail"),
  requires: assumed(gnu, "BSC: module avail"),
  given: assumed(given, "BSC: module avail, and EB/apps; what is on the system: rpm -qa"),
  without: ["loki"],
};

// Facts with their source, and choices; nothing is computed here.

export default site("marenostrum5", {
  operator: "BSC",
  support: assumed("support@bsc.es", "BSC: its support of users; who answers for the cloud"),
  country: "ES",
  dns: assumed("mn5.apps.dte.destination-earth.eu", "ECMWF: who keeps the zone; polytope.mn5.apps… is in use"),
  cloud: openstack({
    external: assumed("external", "BSC names it; openstack network list --external"),
    has: assumed(["swift", "cinder"], "BSC: openstack catalog list"),
    api: assumed(
      [
        "https://identity.cloud.marenostrum.data.destination-earth.eu",
        "https://compute.cloud.marenostrum.data.destination-earth.eu",
        "https://network.cloud.marenostrum.data.destination-earth.eu",
        "https://volume.cloud.marenostrum.data.destination-earth.eu",
      ],
      "BSC: openstack catalog list; named by analogy with Horizon",
    ),
    resolvers: assumed(["9.9.9.9", "149.112.112.112"], "Quad9, until BSC names its own"),
    ntp: assumed(["192.53.103.108", "192.53.103.104"], "PTB, until BSC names its own"),
    images: assumed({ debian12: "deb12000-0000-4000-8000-000000000003" }, "BSC: openstack image list"),
    flavors: assumed({ small: vm("small", 2, gib(4)), medium: vm("medium", 4, gib(16)), large: vm("large", 16, gib(64)) }, "BSC: openstack flavor list"),
  }),
  supercomputer: slurm("marenostrum5", {
    host: "glogin4.bsc.es", // with alogin4 the only login node that reaches the internet (DestinE-Climate-DT/Workflow, platforms.yml)
    login: pending("BSC: addresses of glogin1-4 and alogin1-4.bsc.es"),
    hostKeys: pending("BSC: fingerprints of the login nodes' host keys"),
    nat: pending("BSC: how compute nodes, which have no internet, reach the bridge beside them"),
    internet: assumed({ login: true, compute: false }, "BSC; stated of glogin4 and alogin4"),
    auth: assumed(registeredKey("hpc/marenostrum5"), "BSC: how a service logs in unattended is not public"),
    accounts: assumed({ production: { ...service("ecmwf-dte", "ehpc01"), work: "/gpfs/scratch/ehpc01" } }, "BSC: users and projects of the agreement"),
    partitions: {
      gpp: { ...cpu("sapphirerapids", { cores: 112 }), needsQos: assumed(true, "BSC; users' scripts always name one") },
      acc: { ...gpu("sm_90", 4, { host: "sapphirerapids", cores: 80 }), needsQos: assumed(true, "BSC; users' scripts always name one") },
    },
    qos: assumed(
      {
        gp_ehpc: { partitions: ["gpp"], walltime: hours(72) },
        acc_ehpc: { partitions: ["acc"], walltime: hours(72) },
        gp_debug: { partitions: ["gpp"], walltime: hours(2) },
        acc_debug: { partitions: ["acc"], walltime: hours(2) },
      },
      "BSC; users' scripts have it so",
    ),
    software: {
      prefix: assumed("/gpfs/projects/ehpc01/databridge-modules", "BSC: a folder of ours"),
      sources: "login", // glogin4 alone
      python: assumed({ program: "python3", modules: ["python/3.12.1"] }, "BSC: module avail python"),
      targets: {
        gpp: {
          ...ours,
          build: { qos: "gp_ehpc", walltime: hours(6) },
          test: { qos: "gp_debug" },
        },
        acc: {
          ...ours,
          build: { qos: "acc_ehpc", walltime: hours(6) },
          test: { qos: "acc_debug" },
        },
      },
    },
  }),
  acknowledged: [
    acknowledge("internet-exposed", ["production.runs.aviso", "production.runs.polytope"], {
      reason: "people everywhere listen and ask for data, and prove who they are; nobody keeps a list of where they are",
      owner: "production-services",
      until: "2027-05-31",
    }),
    acknowledge("unknown-speaker", ["production.runs.ecpds-mover"], {
      reason: "OpenECPDS asks who commands a mover for no password: addresses that are ECMWF's alone are the fence",
      owner: "production-services",
      until: "2027-05-31",
    }),
    acknowledge("image-assumed", ["cloud.images.debian12"], { reason: "BSC has not named it yet; no server exists", owner: "production-services", until: "2027-05-31" }),
    acknowledge("stateful-without-backup", ["production.runs.ecflow-prod", "production.runs.fdb", "production.runs.cluster"], {
      reason: "copies are made by what runs there, which is not deployed yet",
      owner: "production-services",
      until: "2027-05-31",
    }),
    acknowledge("stateful-without-backup", ["production.runs.collector"], {
      reason: "a queue: what is in it is on its way to where it is kept",
      owner: "production-services",
      until: "2027-05-31",
    }),
  ],
  tenancies: {
    production: {
      environment: "production",
      owner: "production-services",
      calendar: { forecast: assumed("02:00-09:00", "ECMWF: the window of the daily 4.4 km forecast") },
      quota: assumed(
        { vcpus: 256, ram: gib(1024), gigabytes: tib(200), floatingIps: 4, instances: 40, volumes: 40, securityGroups: 30, securityGroupRules: 300 },
        "BSC: openstack quota show",
      ),
      network: { cidr: "10.52.0.0/20" },
      public: { bastion: allocated, proxy: allocated },
      state: assumed(
        s3({ bucket: "databridge-state", region: "default", endpoint: "https://s3.central.data.destination-earth.eu" }),
        "ECMWF: a bucket that no stack of ours makes",
      ),
      runs: [
        bastion(),
        proxy(),
        vaultAgent(),
        ecflow("prod", {
          standby: true,
          submitsTo: ["marenostrum5"],
          milestones: dailyForecastMilestones,
          fetchesFrom,
          users: {
            operators: { is: "team", from: ["front-ends"], why: "watch and steer the forecast" },
            prepifs: { is: "front-end", paths: ["/prepifs"], from: ["front-ends"], why: "prepIFS" },
            nexhub: { is: "front-end", paths: ["/nexhub"], from: ["front-ends"], why: "NEXhub" },
            prepml: { is: "front-end", paths: ["/prepml"], from: ["front-ends"], why: "prepML" },
          },
        }),
        fdb({
          stores: 3,
          volume: tib(40),
          fate: "keep",
          layout: extremesDtLayout,
          clients: [{ role: "ecflow-prod" }, { workload: "polytope-fdb-worker" }],
          archiving: datamover({ outbox: assumed("/gpfs/scratch/ehpc01/outbox", "ECMWF: where its suite leaves what is whole"), staging: tib(10) }),
        }),
        cluster({ servers: 3, workers: 2, cloud: true }),
        sharedServices(),
        collector({ survives: hours(24), at: mbitPerSecond(20) }),
        clusterCollector({ image: collectorImage }),
        ingress(),
        authOTron({ image: authOTronImage, people: despPeople, accounts: { [notifier.account]: ["writer"] } }),
        aviso({
          address: assumed("aviso.mn5.apps.dte.destination-earth.eu", "ECMWF: who keeps the zone, and whether its Aviso has the name already"),
          images: avisoImages,
          events: extremesDtEvents,
          notifiers: { "ecflow-prod": notifier }, // it asks the FDB: the datamover archives
          certificate: "brought",
          fate: "keep",
        }),
        polytope({
          address: assumed("polytope.mn5.apps.dte.destination-earth.eu", "ECMWF: who keeps the zone; it is in use"),
          tags: assumed({ site: "mn5", env: "prd" }, "ECMWF: tags of its other Polytopes, which have to differ"),
          images: polytopeImages,
          collections: extremesDtCollections,
          spool: polytopeSpool,
          certificate: "brought",
        }),
        modules({ software: dailyForecastSoftware, on: ["gpp", "acc"], image: modulesImage }),
        ecpdsMover({
          ...ecpds,
          proxyHost: assumed("dm-marenostrum5", "ECMWF: how its ECPDS calls the Proxy Host"),
          sendsTo: ["marenostrum5"],
          volume: assumed(tib(4), "ECMWF: how much arrives in a day, and how long it is valid"),
        }),
        backups(),
      ],
    },
  },
});
